//! How single values stand in bytes.

use super::Damaged;

/// Something that can be written as bytes and read back.
pub(super) trait Code: Sized {
    fn write(&self, out: &mut Vec<u8>);
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged>;
}

/// Bytes that are being read.
pub(super) struct Reader<'a> {
    left: &'a [u8],
    length: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { left: bytes, length: bytes.len() }
    }

    pub(super) fn wrong(&self, what: &str) -> Damaged {
        Damaged(format!("byte {}: {what}", self.length - self.left.len()))
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        let (first, rest) = self.left.split_first().ok_or_else(|| self.wrong("it ends too early"))?;
        self.left = rest;
        Ok(*first)
    }

    /// How many items follow. Each takes a byte at least, so a number that cannot be true is refused before any room
    /// is made for it.
    fn count(&mut self) -> Result<usize, Damaged> {
        let count = u64::read(self)?;
        usize::try_from(count)
            .ok()
            .filter(|count| *count <= self.left.len())
            .ok_or_else(|| self.wrong("it ends too early"))
    }

    pub(super) fn end(&self) -> Result<(), Damaged> {
        if self.left.is_empty() { Ok(()) } else { Err(self.wrong("something follows the end")) }
    }
}

/// The lowest byte.
fn low(number: u64) -> u8 {
    number.to_le_bytes()[0]
}

impl Code for u64 {
    /// Seven bits a byte, the lowest first; the highest bit of a byte says that more follow.
    fn write(&self, out: &mut Vec<u8>) {
        let mut left = *self;
        while left >= 0x80 {
            out.push(low(left) | 0x80);
            left >>= 7;
        }
        out.push(low(left));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = from.byte()?;
            let bits = Self::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(from.wrong("a number is larger than 64 bits"))
    }
}

impl Code for u32 {
    fn write(&self, out: &mut Vec<u8>) {
        u64::from(*self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Self::try_from(u64::read(from)?).map_err(|_| from.wrong("a number is larger than 32 bits"))
    }
}

impl Code for i64 {
    /// The sign is the lowest bit, so that small numbers stay short.
    fn write(&self, out: &mut Vec<u8>) {
        ((self.unsigned_abs().wrapping_sub(u64::from(*self < 0)) << 1) | u64::from(*self < 0)).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let bits = u64::read(from)?;
        let upper = Self::try_from(bits >> 1).expect("63 bits");
        Ok(if bits & 1 == 0 { upper } else { -1 - upper })
    }
}

impl Code for i32 {
    fn write(&self, out: &mut Vec<u8>) {
        i64::from(*self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Self::try_from(i64::read(from)?).map_err(|_| from.wrong("a number is larger than 32 bits"))
    }
}

impl Code for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        match from.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(from.wrong("neither yes nor no")),
        }
    }
}

impl Code for String {
    fn write(&self, out: &mut Vec<u8>) {
        (self.len() as u64).write(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let length = from.count()?;
        let (text, rest) = from.left.split_at(length);
        let text = std::str::from_utf8(text).map_err(|_| from.wrong("a text is not UTF-8"))?;
        from.left = rest;
        Ok(text.to_owned())
    }
}

impl<T: Code> Code for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(if bool::read(from)? { Some(T::read(from)?) } else { None })
    }
}

impl<T: Code> Code for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        (self.len() as u64).write(out);
        for item in self {
            item.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let count = from.count()?;
        (0..count).map(|_| T::read(from)).collect()
    }
}

impl<A: Code, B: Code> Code for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok((A::read(from)?, B::read(from)?))
    }
}

/// Fields one after the other.
macro_rules! fields {
    ($($name:ty { $($field:ident),* $(,)? })*) => {$(
        impl Code for $name {
            fn write(&self, out: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($field.write(out);)*
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
                Ok(Self { $($field: Code::read(from)?),* })
            }
        }
    )*};
}

/// The number of the variant, then its fields. A number, once given, keeps its meaning for ever.
macro_rules! variants {
    ($($name:ident { $($number:literal => $variant:ident $(($($item:ident),*))? $({ $($field:ident),* })?),* $(,)? })*) => {$(
        impl Code for $name {
            fn write(&self, out: &mut Vec<u8>) {
                match self {$(
                    Self::$variant $(($($item),*))? $({ $($field),* })? => {
                        out.push($number);
                        $($($item.write(out);)*)?
                        $($($field.write(out);)*)?
                    }
                )*}
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
                match u64::read(from)? {
                    $($number => {
                        $($(let $item = Code::read(from)?;)*)?
                        $($(let $field = Code::read(from)?;)*)?
                        Ok(Self::$variant $(($($item),*))? $({ $($field),* })?)
                    })*
                    _ => Err(from.wrong(concat!("no such ", stringify!($name)))),
                }
            }
        }
    )*};
}

pub(super) use {fields, variants};
