mod adversarial;
mod corpus;
mod good;
mod held_out;
mod rules;
