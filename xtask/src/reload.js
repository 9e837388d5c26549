
// Development only: the page asks which build is being served and reloads at the next one.
const servedBuild = () =>
  fetch("/pkg/build.txt", { cache: "no-store" }).then((r) => (r.ok ? r.text() : ""), () => "");
servedBuild().then((first) =>
  setInterval(async () => {
    const now = await servedBuild();
    if (now && first && now !== first) location.reload();
  }, 700),
);
