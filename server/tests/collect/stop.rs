//! Asked to end in the middle of a sweep: it ends soon, leaves nothing of that sweep, and the next start sweeps on.

use std::time::{Duration, Instant};

use crate::clock::House;
use crate::kill::sweeps;

/// Half of the answers come after minutes. By the seed, which channels are live is told at once, and some lists are.
const SLOW: &str = r#"{"seed": 5, "slow": 0.5, "slow_ms": 600000}"#;
/// A service manager waits longer before it kills.
const SOON: Duration = Duration::from_secs(10);

#[tokio::test]
async fn asked_to_end_in_the_middle_of_a_sweep_it_leaves_nothing_of_it() {
    let house = House::new();
    let collector = house.collect("tmi");
    collector.running.hear(&format!("swept {}", house.first));
    let before = house.lists();
    house.fail(SLOW);
    let next = house.set(1);
    while house.lists() == before {
        std::thread::yield_now();
    }
    let asked = Instant::now();
    assert!(collector.running.stop().success());
    assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
    assert!(house.lists() < before * 2, "the sweep was over already");
    assert_eq!(sweeps(&house.archive().await).await, [house.first]);

    house.fail("{}");
    let collector = house.collect("tmi");
    collector.running.hear(&format!("swept {next}"));
    assert_eq!(sweeps(&house.archive().await).await, [house.first, next]);
    assert!(collector.running.stop().success() && house.twitch.stop().success());
}
