//! A page of recipients, each told once per channel.
