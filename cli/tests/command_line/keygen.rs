use counterfoil::snapshot::{KeyRing, NamedSecretKey, Role};

use crate::workshop::Workshop;

#[test]
fn the_two_halves_belong_together_and_are_named() {
    let shop = Workshop::new();
    let arguments = ["keygen", "--out", "deep/keys", "--name", "2026-a", "--audience", "tea", "--environment", "test"];
    let ran = shop.run(&arguments);
    let key = NamedSecretKey::from_json(&String::from_utf8(shop.read("deep/keys/publisher.key.json")).unwrap());
    let ring = KeyRing::from_json(&String::from_utf8(shop.read("deep/keys/key-ring.json")).unwrap()).unwrap();
    let key = key.unwrap();
    assert_eq!((key.role, key.name.as_str()), (Role::Publisher, "2026-a"));
    assert_eq!((ring.audience.as_str(), ring.environment.as_str()), ("tea", "test"));
    let listed = &ring.roles.publisher.keys[0];
    assert_eq!(
        (listed.name.as_deref(), &listed.public_key),
        (Some("2026-a"), &key.secret_key.public_key().to_string())
    );
    assert!(ran.is_done().out.contains("out of version control"), "{}", ran.out);
    let secret = serde_json::to_value(&key.secret_key).unwrap();
    assert!(!ran.out.contains(secret.as_str().unwrap()));
}

#[test]
fn every_key_is_another_one() {
    let shop = Workshop::new();
    shop.run(&["keygen", "--out", "a"]).is_done();
    shop.run(&["keygen", "--out", "b"]).is_done();
    assert_ne!(shop.read("a/publisher.key.json"), shop.read("b/publisher.key.json"));
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_secret() {
    use std::os::unix::fs::PermissionsExt;
    let shop = Workshop::furnished();
    let mode = |name| shop.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("keys/publisher.key.json"), 0o600);
    assert_ne!(mode("keys/key-ring.json"), 0o600);
}

#[test]
fn nothing_is_overwritten() {
    let shop = Workshop::furnished();
    let key = shop.read("keys/publisher.key.json");
    shop.run(&["keygen", "--out", "keys"]).is_refused("file_exists");
    assert_eq!(shop.read("keys/publisher.key.json"), key);

    shop.write("ring-only/key-ring.json", "{}");
    shop.run(&["keygen", "--out", "ring-only"]).is_refused("file_exists");
    assert!(!shop.path("ring-only/publisher.key.json").exists());
}

#[test]
fn names_that_no_host_accepts_are_refused() {
    let shop = Workshop::new();
    shop.run(&["keygen", "--out", "keys", "--audience", ""]).is_refused("key_ring_invalid");
    assert!(!shop.path("keys").exists());
}

#[test]
fn a_ring_is_told_of_a_pulse_key() {
    let shop = Workshop::furnished();
    let made = ["keygen", "--role", "pulse", "--name", "online", "--out", "keys", "--key-ring", "keys/key-ring.json"];
    shop.run(&made).is_done();
    let ring = KeyRing::from_json(&String::from_utf8(shop.read("keys/key-ring.json")).unwrap()).unwrap();
    let key = NamedSecretKey::from_json(&String::from_utf8(shop.read("keys/online.key.json")).unwrap()).unwrap();
    let pulse = ring.roles.pulse.unwrap();
    assert_eq!((key.role, pulse.threshold, pulse.keys.len()), (Role::Pulse, 1, 1));
    assert_eq!(pulse.keys[0].public_key, key.secret_key.public_key().to_string());
    assert_eq!(ring.roles.publisher.keys.len(), 1);
    // a second one of the same name is another key: neither file is touched
    let before = shop.read("keys/key-ring.json");
    shop.run(&made).is_refused("file_exists");
    assert_eq!(shop.read("keys/key-ring.json"), before);
}
