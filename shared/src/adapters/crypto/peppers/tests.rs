use super::*;

const PEPPER: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "fedcba9876543210fedcba9876543210";

fn ids() -> (ClientId, SecretId) {
    (ClientId::from_random_bytes([1; 16]), SecretId::from_random_bytes([2; 16]))
}

#[test]
fn a_secret_verifies_under_its_pepper_client_and_id_only() {
    let peppers = Peppers::parse(&format!(r#"{{"pepper_id":"p1","pepper":"{PEPPER}"}}"#)).expect("legal");
    let (client, id) = ids();
    let (right, wrong) = (ClientSecret::from_random_bytes([3; 32]), ClientSecret::from_random_bytes([4; 32]));
    let kept = peppers.digest(&client, &id, &right);
    assert!(peppers.verify(&client, &id, &right, &kept));
    assert!(!peppers.verify(&client, &id, &wrong, &kept));
    assert!(!peppers.verify(&ClientId::from_random_bytes([9; 16]), &id, &right, &kept));
    assert!(!peppers.verify(&client, &SecretId::from_random_bytes([9; 16]), &right, &kept));
}

#[test]
fn a_lookup_depends_on_pepper_and_secret_only() {
    let peppers =
        |pepper| Peppers::parse(&format!(r#"{{"pepper_id":"p1","pepper":"{pepper}"}}"#)).expect("legal");
    let secret = |byte| ClientSecret::from_random_bytes([byte; 32]);
    assert_eq!(peppers(PEPPER).lookup(&secret(3)), peppers(PEPPER).lookup(&secret(3)));
    assert_ne!(peppers(PEPPER).lookup(&secret(3)), peppers(PEPPER).lookup(&secret(4)));
    assert_ne!(peppers(PEPPER).lookup(&secret(3)), peppers(OTHER).lookup(&secret(3)));
    assert_eq!(peppers(PEPPER).lookup(&secret(3)).0.len(), 32);
}

#[test]
fn old_secrets_verify_after_a_change_of_pepper() {
    let old = Peppers::parse(&format!(r#"{{"pepper_id":"p1","pepper":"{PEPPER}"}}"#)).expect("legal");
    let new = Peppers::parse(&format!(
        r#"{{"pepper_id":"p2","pepper":"{OTHER}","previous":[{{"pepper_id":"p1","pepper":"{PEPPER}"}}]}}"#
    ))
    .expect("legal");
    let (client, id) = ids();
    let secret = ClientSecret::from_random_bytes([3; 32]);
    assert!(new.verify(&client, &id, &secret, &old.digest(&client, &id, &secret)));
    assert_eq!(new.digest(&client, &id, &secret).pepper_id, "p2");
    assert!(!old.verify(&client, &id, &secret, &new.digest(&client, &id, &secret)));
}

#[test]
fn an_invalid_pepper_is_rejected_and_not_repeated() {
    for json in [r#"{"pepper_id":"p1","pepper":"hunter2"}"#, r#""hunter2""#, r#"{"pepper":"hunter2"}"#] {
        let fault = Peppers::parse(json).expect_err("not legal").to_string();
        assert!(!fault.contains("hunter2"), "{fault}");
    }
}

#[test]
fn subjects_of_end_users_outlive_a_change_of_pepper() {
    let old = Peppers::parse(&format!(r#"{{"pepper_id":"p1","pepper":"{PEPPER}"}}"#)).expect("legal");
    let new = Peppers::parse(&format!(
        r#"{{"pepper_id":"p2","pepper":"{OTHER}","previous":[{{"pepper_id":"p1","pepper":"{PEPPER}"}}]}}"#
    ))
    .expect("legal");
    let alone = Peppers::parse(&format!(r#"{{"pepper_id":"p2","pepper":"{OTHER}"}}"#)).expect("legal");
    assert_eq!(old.end_user_key(), new.end_user_key());
    assert_ne!(old.end_user_key(), alone.end_user_key());
    assert_ne!(old.end_user_key(), old.known_source_key());
}
