//! Code that makes up names of fields without end is stopped before it fills the memory.
//!
//! One test, because the names are counted for the whole process.

use hubcast_protocol::{Codec, EncodeError, HubProtocol, PayloadNames};
use serde::ser::{Serialize, SerializeStruct, Serializer};

#[test]
fn names_beyond_the_limit_are_refused() {
    let codec = Codec::new(HubProtocol::Json, PayloadNames::DotNet);
    let write = |name| codec.write_result(&mut Vec::new(), "1", &MadeUp { name });
    for number in 0..65_536 {
        write(format!("field_{number}").leak()).expect("there is room");
    }
    let Err(EncodeError::Json(error)) = write("one_more") else {
        panic!("one more than there is room for");
    };
    assert_eq!(error.to_string(), "types with more than 65536 names of fields in all");
    write("unchanged").expect("a name that is .NET's takes no room");
    write("field_1".to_owned().leak()).expect("a name that is known takes no room");
    let as_written = Codec::from(HubProtocol::Json);
    as_written.write_result(&mut Vec::new(), "1", &MadeUp { name: "one_more" }).expect("it stays what it is");
}

struct MadeUp {
    name: &'static str,
}

impl Serialize for MadeUp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("MadeUp", 1)?;
        fields.serialize_field(self.name, &1)?;
        fields.end()
    }
}
