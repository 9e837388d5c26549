//! A synthetic Twitch: a seeded population with known truth.
