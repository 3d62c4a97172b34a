mod jwks;
mod jwks_outage;
mod metadata;
