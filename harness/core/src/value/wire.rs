//! How values cross from Nix to the harness and lie in the cache: JSON, with
//! every set tagged so that no attribute name can be mistaken for a tag.
//!
//! | value | JSON |
//! |---|---|
//! | null, bool, int, float, string, list | as such |
//! | attribute set | `{"a": {…}}` |
//! | attribute set that Nix would write as something else | `{"e": [[name, value], …]}` |
//! | package | `{"p": [pname, version, path or null]}` |
//! | path | `{"t": "/…"}` |
//! | function | `{"f": null}` |
//! | float that JSON has no number for | `{"n": "inf"}`, `{"n": "-inf"}`, `{"n": "nan"}` |
//! | something that nobody looks at | `{"u": null}` |
//! | something that is not shown | `{"r": null}` |

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Package, Value};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn tagged<S: Serializer, T: Serialize>(
            s: S,
            tag: &str,
            value: T,
        ) -> Result<S::Ok, S::Error> {
            let mut map = s.serialize_map(Some(1))?;
            map.serialize_entry(tag, &value)?;
            map.end()
        }
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(b) => serializer.serialize_bool(*b),
            Self::Int(n) => serializer.serialize_i64(*n),
            Self::Float(n) => match non_finite_name(*n) {
                Some(name) => tagged(serializer, "n", name),
                None => serializer.serialize_f64(*n),
            },
            Self::String(s) => serializer.serialize_str(s),
            Self::List(items) => serializer.collect_seq(items),
            Self::Attrs(attrs) => tagged(serializer, "a", attrs),
            Self::Package(p) => tagged(serializer, "p", (&p.pname, &p.version, &p.path)),
            Self::Path(path) => tagged(serializer, "t", path),
            Self::Function => tagged(serializer, "f", ()),
            Self::Unobserved => tagged(serializer, "u", ()),
            Self::Redacted => tagged(serializer, "r", ()),
        }
    }
}

/// How a float is called that is no number of JSON.
const fn non_finite_name(n: f64) -> Option<&'static str> {
    match n {
        f64::INFINITY => Some("inf"),
        f64::NEG_INFINITY => Some("-inf"),
        _ if n.is_nan() => Some("nan"),
        _ => None,
    }
}

/// The float of such a name.
fn non_finite(name: &str) -> Option<f64> {
    [f64::INFINITY, f64::NEG_INFINITY, f64::NAN]
        .into_iter()
        .find(|n| non_finite_name(*n) == Some(name))
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WireVisitor)
    }
}

struct WireVisitor;

impl<'de> Visitor<'de> for WireVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value as nix-parity encodes it")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(Value::Int(n))
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Value, E> {
        i64::try_from(n).map(Value::Int).map_err(E::custom)
    }

    fn visit_f64<E>(self, n: f64) -> Result<Value, E> {
        Ok(Value::Float(n))
    }

    fn visit_str<E>(self, s: &str) -> Result<Value, E> {
        Ok(Value::String(s.to_owned()))
    }

    fn visit_string<E>(self, s: String) -> Result<Value, E> {
        Ok(Value::String(s))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let tag: String = map
            .next_key()?
            .ok_or_else(|| de::Error::custom("an untagged set"))?;
        let value = match tag.as_str() {
            "a" => Value::Attrs(map.next_value::<BTreeMap<String, Value>>()?),
            "e" => Value::Attrs(
                map.next_value::<Vec<(String, Value)>>()?
                    .into_iter()
                    .collect(),
            ),
            "p" => {
                let (pname, version, path) = map.next_value()?;
                Value::Package(Package {
                    pname,
                    version,
                    path,
                })
            }
            "t" => Value::Path(map.next_value()?),
            "f" => {
                map.next_value::<()>()?;
                Value::Function
            }
            "u" => {
                map.next_value::<()>()?;
                Value::Unobserved
            }
            "r" => {
                map.next_value::<()>()?;
                Value::Redacted
            }
            "n" => {
                let name = map.next_value::<String>()?;
                let number = non_finite(&name);
                Value::Float(number.ok_or_else(|| de::Error::custom("an unknown number"))?)
            }
            _ => return Err(de::Error::custom("an unknown tag")),
        };
        match map.next_key::<String>()? {
            None => Ok(value),
            Some(_) => Err(de::Error::custom("more than one tag")),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Package, Value};
    use proptest::prelude::*;

    /// Any value, for the properties of everything that takes values.
    pub(crate) fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            Just(Value::Function),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            (-1e9..1e9f64).prop_map(|f| Value::Float(f.trunc() / 8.0)),
            prop::sample::select([f64::INFINITY, f64::NEG_INFINITY, -0.0].as_slice())
                .prop_map(Value::Float),
            any::<String>().prop_map(Value::String),
            "/[a-z/]{1,8}".prop_map(Value::Path),
            ("[a-z]{1,6}", "[0-9.]{0,4}", any::<bool>()).prop_map(|(pname, version, with_path)| {
                let path = with_path
                    .then(|| format!("/nix/store/00000000000000000000000000000000-{pname}"));
                Value::Package(Package {
                    pname,
                    version,
                    path,
                })
            }),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
                prop::collection::btree_map("[a-z]{0,3}", inner, 0..5).prop_map(Value::Attrs),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_encoding_loses_nothing(value in any_value()) {
            let text = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }

    #[test]
    fn floats_that_json_has_no_number_for_have_a_name() {
        for (float, text) in [
            (f64::INFINITY, r#"{"n":"inf"}"#),
            (f64::NEG_INFINITY, r#"{"n":"-inf"}"#),
            (f64::NAN, r#"{"n":"nan"}"#),
            (-0.0, "-0.0"),
        ] {
            assert_eq!(serde_json::to_string(&Value::Float(float)).unwrap(), text);
            let read: Value = serde_json::from_str(text).unwrap();
            // NaN equals nothing, and -0.0 equals 0.0: the words for them tell.
            assert_eq!(format!("{read:?}"), format!("{:?}", Value::Float(float)));
        }
    }

    #[test]
    fn attribute_names_are_not_tags() {
        let text = r#"{"a":{"p":["x"],"f":{"a":{}}}}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(
            serde_json::to_string(&value).unwrap(),
            r#"{"a":{"f":{"a":{}},"p":["x"]}}"#
        );
        let entries: Value =
            serde_json::from_str(r#"{"e":[["__toString",1],["a",{"f":null}]]}"#).unwrap();
        assert_eq!(
            serde_json::to_string(&entries).unwrap(),
            r#"{"a":{"__toString":1,"a":{"f":null}}}"#
        );
        for wrong in [
            "{}",
            r#"{"z":1}"#,
            r#"{"n":"big"}"#,
            r#"{"t":"/x","f":null}"#,
        ] {
            assert!(serde_json::from_str::<Value>(wrong).is_err(), "{wrong}");
        }
    }
}
