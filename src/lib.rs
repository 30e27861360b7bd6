#![forbid(unsafe_code)]
//! DutyDesk 值班台.

rust_i18n::i18n!("assets/locales", fallback = "zh-CN");

pub mod i18n;
pub mod time;
pub mod rules;
