//! Days that cannot be compared any more.

use importer::retention::{Step, apply};
use importer::verify::error::VerifyError;
use importer::verify::options::VerifyOptions;
use importer::verify::verify_day;
use model::slot::SlotTime;
use model::words::{Evidence, Tier};

use crate::verify;
use crate::world::{World, day, job, live, row, sweep};

/// Why the day cannot be compared.
async fn refused(world: &World) -> VerifyError {
    verify_day(&world.archive, &world.store, &job(), day(), &VerifyOptions::default()).await.unwrap_err()
}

#[tokio::test]
async fn what_grew_too_old_is_told_so() {
    let world = World::new().await;
    let at = SlotTime::at(day(), 100);
    sweep(&world.archive, at, vec![live(at, "_room")], vec![row("_room", "_ada", Evidence::Listed)]).await;
    world.import(day(), false).await.unwrap();
    let month = day().month();
    let done = async |step| {
        apply(step, &world.archive, &world.store, &job()).await.unwrap();
    };

    // A row a person instead of blocks: as fine as before.
    done(Step::Close(month)).await;
    assert!(verify(&world, &VerifyOptions::default()).await.is_ok());
    done(Step::DeleteObjects(day())).await;
    let error = refused(&world).await;
    assert!(matches!(error, VerifyError::NotArchived(_)), "{error:?}");
    let said = "2026-11-18 cannot be compared any more: the archive has no sweep of it left";
    assert_eq!(error.to_string(), said);

    for (step, tier, why) in [
        (Step::Age(month), Tier::Hours, "only hours are kept of its month"),
        (Step::Forget(month), Tier::Aggregates, "nothing about people is kept of its month"),
    ] {
        done(step).await;
        let error = refused(&world).await;
        assert!(matches!(&error, VerifyError::Aged { tier: told, .. } if *told == tier), "{error:?}");
        let said = format!("2026-11-18 cannot be compared any more: {why}, and a comparison needs every sample");
        assert_eq!(error.to_string(), said);
    }
}
