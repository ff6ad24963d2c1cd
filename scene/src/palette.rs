//! Colours by meaning, for two themes and two sets of hues. The tests compute every contrast that the page relies on.
//!
//! Hue says which node and nothing else, so the sets leave out the reds (a failure) and black (text). Their order is
//! the one in which neighbours round the circle, for every number of nodes, differ most in greyscale.

use crate::mark::Ink;
use ringside_core::NodeId;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// Which set of hues tells the nodes apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Hues {
    /// Okabe and Ito's, made known by Wong, without vermilion and black.
    #[default]
    Wong,
    /// From Paul Tol's muted and bright sets, without the reds.
    Tol,
}

impl Hues {
    /// All of them, the one to begin with first.
    pub const ALL: [Self; 2] = [Self::Wong, Self::Tol];

    /// Its name on the page and in attributes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wong => "wong",
            Self::Tol => "tol",
        }
    }
}

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// What is drawn over a node's fill once the hues run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Nothing.
    Plain,
    /// Stripes.
    Stripes,
    /// Dots.
    Dots,
    /// Stripes both ways.
    Grid,
}

/// A theme with a set of hues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Palette {
    /// Light or dark.
    pub theme: Theme,
    /// Which hues.
    pub hues: Hues,
}

const WONG: [u32; 6] = [0x00_72_B2, 0xE6_9F_00, 0x00_9E_73, 0x56_B4_E9, 0xF0_E4_42, 0xCC_79_A7];
const TOL: [u32; 6] = [0x44_AA_99, 0x11_77_33, 0x88_CC_EE, 0xAA_44_99, 0xDD_CC_77, 0x44_77_AA];
const DARK_INK: u32 = 0x0B_0D_10;
const WHITE: u32 = 0xFF_FF_FF;
/// Fills darker than this take white letters. It lies where both kinds of letters have the same contrast.
const DARK_FILL: f64 = 0.18;

impl Rgb {
    const fn hex(code: u32) -> Self {
        let [_, red, green, blue] = code.to_be_bytes();
        Self(red, green, blue)
    }

    /// As CSS writes it: `#rrggbb`.
    #[must_use]
    pub fn css(self) -> String {
        let digit = |four_bits: u8| char::from(b"0123456789abcdef"[usize::from(four_bits & 15)]);
        let mut css = String::with_capacity(7);
        css.push('#');
        for part in [self.0, self.1, self.2] {
            css.push(digit(part >> 4));
            css.push(digit(part));
        }
        css
    }

    /// Relative luminance, 0 to 1, as WCAG 2.2 defines it.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast with `other`, 1 to 21, as WCAG 2.2 defines it.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

/// The pattern over a node's fill: none for the first six nodes, then one more for each six; the fourth six share
/// the last, and from then on it begins again. Letters always tell.
#[must_use]
pub const fn pattern(node: NodeId) -> Pattern {
    match node.0 / 6 % 4 {
        0 => Pattern::Plain,
        1 => Pattern::Stripes,
        2 => Pattern::Dots,
        _ => Pattern::Grid,
    }
}

impl Palette {
    /// The colour of a meaning.
    #[must_use]
    pub fn rgb(&self, ink: Ink) -> Rgb {
        let (light, dark) = match ink {
            Ink::Ground => (0xFA_F9_F6, 0x0F_12_14),
            Ink::Shade => (0xEC_EB_E6, 0x20_24_28),
            Ink::Text => (0x14_17_1C, 0xED_F0_F3),
            Ink::Muted => (0x55_5A_62, 0xA5_AB_B2),
            Ink::Rim => (0x14_17_1C, 0x0F_12_14),
            Ink::Hair => (0xD2_D1_CC, 0x34_39_3F),
            Ink::Alarm => (0xB3_26_1E, 0xFF_7A_6E),
            Ink::Node(node) | Ink::Answer(node) => return self.fill(node),
            Ink::OnNode(node) | Ink::OnAnswer(node) => {
                return Rgb::hex(if self.fill(node).luminance() < DARK_FILL { WHITE } else { DARK_INK });
            }
        };
        Rgb::hex(match self.theme {
            Theme::Light => light,
            Theme::Dark => dark,
        })
    }

    fn fill(&self, node: NodeId) -> Rgb {
        let hues = match self.hues {
            Hues::Wong => WONG,
            Hues::Tol => TOL,
        };
        Rgb::hex(hues[node.index() % hues.len()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn palettes() -> impl Iterator<Item = Palette> {
        [Theme::Light, Theme::Dark]
            .into_iter()
            .flat_map(|theme| [Hues::Wong, Hues::Tol].map(|hues| Palette { theme, hues }))
    }

    #[test]
    fn black_on_white_has_the_contrast_that_wcag_says() {
        assert!((Rgb(0, 0, 0).contrast(Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
        assert!((Rgb(0x77, 0x77, 0x77).contrast(Rgb(255, 255, 255)) - 4.478).abs() < 0.001);
    }

    #[test]
    fn text_is_readable_on_the_page_and_on_what_stands_out() {
        for palette in palettes() {
            for ground in [Ink::Ground, Ink::Shade] {
                for ink in [Ink::Text, Ink::Muted, Ink::Alarm] {
                    let contrast = palette.rgb(ink).contrast(palette.rgb(ground));
                    assert!(contrast >= 4.5, "{palette:?} {ink:?} on {ground:?}: {contrast}");
                }
            }
        }
    }

    #[test]
    fn letters_on_fills_are_readable() {
        for palette in palettes() {
            for node in (0..6).map(NodeId) {
                let contrast = palette.rgb(Ink::OnNode(node)).contrast(palette.rgb(Ink::Node(node)));
                assert!(contrast >= 4.5, "{palette:?} {node:?}: {contrast}");
            }
        }
    }

    #[test]
    fn every_disc_has_an_edge_that_shows() {
        for palette in palettes() {
            let ground = palette.rgb(Ink::Ground);
            for node in (0..6).map(NodeId) {
                let (fill, rim) = (palette.rgb(Ink::Node(node)), palette.rgb(Ink::Rim));
                assert!(fill.contrast(ground) >= 3.0 || rim.contrast(ground) >= 3.0, "{palette:?} {node:?}");
            }
        }
    }

    #[test]
    fn neighbours_differ_in_greyscale_for_every_number_of_nodes() {
        for palette in palettes() {
            for count in 2..=24 {
                for node in 0..count {
                    let (one, two) = (NodeId(node), NodeId((node + 1) % count));
                    let contrast = palette.rgb(Ink::Node(one)).contrast(palette.rgb(Ink::Node(two)));
                    let told_apart = contrast >= 1.25 || pattern(one) != pattern(two);
                    assert!(told_apart, "{palette:?}, {count} nodes, {one:?} and {two:?}: {contrast}");
                }
            }
        }
    }

    #[test]
    fn css_is_six_digits() {
        assert_eq!(Rgb(0, 114, 178).css(), "#0072b2");
    }
}
