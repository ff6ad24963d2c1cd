//! Marks as SVG text: figures for documents, and the same picture as the page's canvas.

use crate::mark::{Anchor, Ink, Mark, Point, Shape};
use crate::palette::Palette;
use crate::{Size, View, ring, spacetime};
use ringside_core::Time;
use std::f64::consts::TAU;

/// An SVG document with these marks on the page's colour. `title` is what a screen reader says of it.
#[must_use]
pub fn document(marks: &[Mark], size: Size, palette: Palette, title: &str) -> String {
    let mut svg = Writer { out: String::with_capacity(marks.len() * 120), palette };
    svg.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 ");
    svg.numbers(&[size.width, size.height]);
    svg.raw("\" width=\"");
    svg.number(size.width);
    svg.raw("\" height=\"");
    svg.number(size.height);
    svg.raw(
        "\" font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif\"><title>",
    );
    svg.escaped(title);
    svg.raw("</title><rect width=\"100%\" height=\"100%\"");
    svg.paint("fill", Some(Ink::Ground));
    svg.raw(" class=\"fg\"/>");
    for mark in marks {
        svg.mark(mark);
    }
    svg.raw("</svg>\n");
    svg.out
}

/// The ring as an SVG document.
#[must_use]
pub fn ring_svg(view: &View<'_>, size: Size, palette: Palette) -> String {
    let layout = ring::layout(view, size);
    let mut marks = ring::band(view, &layout).marks;
    marks.extend(ring::crowd(view, &layout).marks);
    marks.extend(ring::still(view, &layout).marks);
    marks.extend(ring::moving(view, &layout).marks);
    document(&marks, size, palette, &crate::narrate::sentence(view).whole())
}

/// The space-time diagram of a window of time as an SVG document.
#[must_use]
pub fn spacetime_svg(view: &View<'_>, size: Size, window: (Time, Time), palette: Palette) -> String {
    let chart = spacetime::Chart::new(view, size, window);
    let mut marks = spacetime::still(view, &chart).marks;
    marks.extend(spacetime::moving(view, &chart).marks);
    document(&marks, size, palette, &crate::narrate::sentence(view).whole())
}

struct Writer {
    out: String,
    palette: Palette,
}

impl Writer {
    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn escaped(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '&' => self.raw("&amp;"),
                '"' => self.raw("&quot;"),
                // XML has no way to write most control characters.
                letter if letter.is_control() => self.out.push('\u{FFFD}'),
                letter => self.out.push(letter),
            }
        }
    }

    /// With at most two decimals, and without the machinery for floats of every precision.
    fn number(&mut self, number: f64) {
        let hundredths = libm::round(number * 100.0) as i64;
        if hundredths < 0 {
            self.out.push('-');
        }
        let hundredths = hundredths.unsigned_abs();
        self.out.push_str(&(hundredths / 100).to_string());
        let part = hundredths % 100;
        if part > 0 {
            self.out.push('.');
            self.out.push(char::from(b'0' + (part / 10) as u8));
            if !part.is_multiple_of(10) {
                self.out.push(char::from(b'0' + (part % 10) as u8));
            }
        }
    }

    fn numbers(&mut self, numbers: &[f64]) {
        for (at, number) in numbers.iter().enumerate() {
            if at > 0 {
                self.out.push(' ');
            }
            self.number(*number);
        }
    }

    fn point(&mut self, command: &str, point: Point) {
        self.raw(command);
        self.numbers(&[point.x, point.y]);
    }

    fn attribute(&mut self, name: &str, number: f64) {
        self.raw(" ");
        self.raw(name);
        self.raw("=\"");
        self.number(number);
        self.raw("\"");
    }

    fn ink(&mut self, ink: Ink) {
        let css = self.palette.rgb(ink).css();
        self.raw(&css);
    }

    fn mark(&mut self, mark: &Mark) {
        match &mark.shape {
            Shape::Circle { centre, radius } => {
                self.raw("<circle");
                self.attribute("cx", centre.x);
                self.attribute("cy", centre.y);
                self.attribute("r", *radius);
            }
            Shape::Path { points, closed } => {
                self.raw("<path d=\"");
                for (at, point) in points.iter().enumerate() {
                    self.point(if at == 0 { "M" } else { "L" }, *point);
                }
                self.raw(if *closed { "Z\"" } else { "\"" });
            }
            Shape::Curve { from, control, to } => {
                self.raw("<path d=\"");
                self.point("M", *from);
                self.point("Q", *control);
                self.point(" ", *to);
                self.raw("\"");
            }
            Shape::Arc { centre, inner, outer, start, sweep } => {
                self.raw("<path d=\"");
                self.arc(*centre, (*inner, *outer), *start, *sweep);
                self.raw("\"");
            }
            Shape::Text { .. } => return self.text(mark),
        }
        self.painted(mark);
        self.raw("/>");
    }

    fn painted(&mut self, mark: &Mark) {
        self.paint("fill", mark.fill);
        self.class(mark);
        if let Some(stroke) = mark.stroke {
            self.paint("stroke", Some(stroke.ink));
            self.raw(" stroke-linejoin=\"round\"");
            self.attribute("stroke-width", stroke.width);
            self.raw(if stroke.dashed { " stroke-dasharray=\"4 3\"" } else { " stroke-linecap=\"round\"" });
        }
        if mark.opacity < 1.0 {
            self.attribute("opacity", mark.opacity);
        }
    }

    fn paint(&mut self, what: &str, ink: Option<Ink>) {
        self.raw(" ");
        self.raw(what);
        self.raw("=\"");
        match ink {
            Some(ink) => self.ink(ink),
            None => self.raw("none"),
        }
        self.raw("\"");
    }

    /// Says by which meaning it is filled and stroked, so that a style sheet can have the colours of a system that
    /// forces its own: `f` or `s`, and the first letter of the ink.
    fn class(&mut self, mark: &Mark) {
        let letter = |ink: Ink| match ink {
            Ink::Ground | Ink::OnAnswer(_) => 'g',
            Ink::Shade | Ink::Hair => 'h',
            Ink::Node(_) => 'n',
            Ink::Text | Ink::Muted | Ink::Rim | Ink::OnNode(_) | Ink::Answer(_) | Ink::Alarm => 't',
        };
        let halo = matches!(&mark.shape, Shape::Text { lettering, .. } if lettering.halo);
        let stroke = mark.stroke.map(|stroke| stroke.ink).or(halo.then_some(Ink::Ground));
        self.raw(" class=\"");
        if let Some(ink) = mark.fill {
            self.out.push('f');
            self.out.push(letter(ink));
        }
        if let Some(ink) = stroke {
            self.raw(" s");
            self.out.push(letter(ink));
        }
        self.raw("\"");
    }

    /// SVG draws no whole turn in one arc, so that every arc is made of two.
    fn arc(&mut self, centre: Point, (inner, outer): (f64, f64), start: f64, sweep: f64) {
        let whole = sweep >= TAU - 1e-9;
        let angles = [start, start + sweep / 2.0, start + sweep];
        self.point("M", centre.polar(outer, angles[0]));
        for angle in &angles[1..] {
            self.arc_to(outer, '1', centre.polar(outer, *angle));
        }
        if inner < outer {
            self.point(if whole { "M" } else { "L" }, centre.polar(inner, angles[2]));
            for angle in [angles[1], angles[0]] {
                self.arc_to(inner, '0', centre.polar(inner, angle));
            }
            self.raw("Z");
        }
    }

    fn arc_to(&mut self, radius: f64, clockwise: char, to: Point) {
        self.raw("A");
        self.numbers(&[radius, radius]);
        self.raw(" 0 0 ");
        self.out.push(clockwise);
        self.raw(" ");
        self.numbers(&[to.x, to.y]);
    }

    fn text(&mut self, mark: &Mark) {
        let Shape::Text { at, text, lettering } = &mark.shape else { return };
        self.raw("<text");
        self.attribute("x", at.x);
        // A third of the height below its middle is where letters stand: SVG viewers disagree on other baselines.
        self.attribute("y", at.y + lettering.size * 0.35);
        self.attribute("font-size", lettering.size);
        self.raw(match lettering.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        });
        if lettering.bold {
            self.raw(" font-weight=\"600\"");
        }
        if lettering.mono {
            self.raw(" font-family=\"ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace\"");
        }
        if lettering.halo {
            self.raw(" paint-order=\"stroke\" stroke-width=\"4\" stroke-linejoin=\"round\" stroke=\"");
            self.ink(Ink::Ground);
            self.raw("\"");
        }
        self.painted(mark);
        self.raw(">");
        self.escaped(text);
        self.raw("</text>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::Lettering;

    fn svg(mark: Mark) -> String {
        document(&[mark], Size { width: 10.0, height: 10.0 }, Palette::default(), "a < b")
    }

    #[test]
    fn text_cannot_leave_its_element() {
        let mark = Mark::text(Point::new(1.0, 2.0), "<script>&\u{1}", Lettering::plain(10.0), Ink::Text);
        let written = svg(mark);
        assert!(written.contains("&lt;script&gt;&amp;\u{FFFD}</text>"), "{written}");
        assert!(written.contains("<title>a &lt; b</title>"));
    }

    #[test]
    fn numbers_have_at_most_two_decimals() {
        let mut writer = Writer { out: String::new(), palette: Palette::default() };
        writer.numbers(&[0.0, -1.5, 2.006, 1e3, -0.004, 12.34, 7.9]);
        assert_eq!(writer.out, "0 -1.5 2.01 1000 0 12.34 7.9");
    }

    #[test]
    fn a_whole_turn_is_drawn_as_two_halves_and_its_inside_stays_empty() {
        let shape =
            Shape::Arc { centre: Point::new(5.0, 5.0), inner: 2.0, outer: 4.0, start: 0.0, sweep: TAU };
        let written = svg(Mark::new(shape).fill(Ink::Text));
        assert!(
            written.contains("M5 1A4 4 0 0 1 5 9A4 4 0 0 1 5 1M5 3A2 2 0 0 0 5 7A2 2 0 0 0 5 3Z"),
            "{written}"
        );
    }
}
