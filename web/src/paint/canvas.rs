//! Marks onto a 2D context.

use ringside_scene::mark::{Anchor, Lettering, Stroke};
use ringside_scene::{Ink, Mark, Palette, Point, Shape};
use std::cell::Cell;
use std::f64::consts::{FRAC_PI_2, TAU};
use web_sys::{CanvasRenderingContext2d, CanvasWindingRule};

/// Font families, the same as in the style sheet.
const PLAIN: &str = "system-ui, sans-serif";
const MONO: &str = "ui-monospace, monospace";
/// Width of the rim behind a text, in pixels.
const RIM: f64 = 4.0;

/// Paints the marks in their order.
pub(super) fn paint(context: &CanvasRenderingContext2d, marks: &[Mark], palette: &Palette, forced: bool) {
    let painter = Painter {
        context,
        palette,
        forced,
        filled: Cell::new(None),
        lined: Cell::new(None),
        set: Cell::new(None),
    };
    context.set_line_cap("round");
    context.set_line_join("round");
    for mark in marks {
        context.set_global_alpha(mark.opacity);
        painter.mark(mark);
    }
}

struct Painter<'a> {
    context: &'a CanvasRenderingContext2d,
    palette: &'a Palette,
    /// Does the visitor's system say which colours there are?
    forced: bool,
    /// What the context has now: telling it costs more than asking whether it has to be told.
    filled: Cell<Option<Ink>>,
    lined: Cell<Option<Ink>>,
    set: Cell<Option<Lettering>>,
}

impl Painter<'_> {
    fn mark(&self, mark: &Mark) {
        match &mark.shape {
            Shape::Text { at, text, lettering } => self.text(*at, text, *lettering, mark.fill),
            Shape::Arc { .. } | Shape::Circle { .. } | Shape::Path { .. } | Shape::Curve { .. } => {
                self.outline(&mark.shape);
                if let Some(ink) = mark.fill {
                    self.fill_with(ink);
                    self.context.fill_with_canvas_winding_rule(CanvasWindingRule::Nonzero);
                    // Without hues a shape that was told by its own shows by its outline.
                    if self.forced && mark.stroke.is_none() && matches!(ink, Ink::Node(_)) {
                        self.stroke(Stroke::solid(Ink::Text, 1.0));
                    }
                }
                if let Some(stroke) = mark.stroke {
                    self.stroke(stroke);
                }
            }
        }
    }

    /// Makes the shape the current path. A radius is never negative for the context, whatever a shape says.
    fn outline(&self, shape: &Shape) {
        let context = self.context;
        context.begin_path();
        match shape {
            Shape::Arc { centre, inner, outer, start, sweep } => {
                let (from, to) = (start - FRAC_PI_2, start + sweep - FRAC_PI_2);
                self.circular(*centre, *outer, from, to, false);
                if inner < outer {
                    self.circular(*centre, *inner, to, from, true);
                    context.close_path();
                }
            }
            Shape::Circle { centre, radius } => self.circular(*centre, *radius, 0.0, TAU, false),
            Shape::Path { points, closed } => {
                for (at, point) in points.iter().enumerate() {
                    if at == 0 {
                        context.move_to(point.x, point.y);
                    } else {
                        context.line_to(point.x, point.y);
                    }
                }
                if *closed {
                    context.close_path();
                }
            }
            Shape::Curve { from, control, to } => {
                context.move_to(from.x, from.y);
                context.quadratic_curve_to(control.x, control.y, to.x, to.y);
            }
            Shape::Text { .. } => {}
        }
    }

    fn circular(&self, centre: Point, radius: f64, from: f64, to: f64, back: bool) {
        // Only a negative radius is refused, and there is none.
        let _ = self.context.arc_with_anticlockwise(centre.x, centre.y, radius.max(0.0), from, to, back);
    }

    fn stroke(&self, stroke: Stroke) {
        let context = self.context;
        self.line_with(stroke.ink);
        context.set_line_width(stroke.width);
        if stroke.dashed {
            context.set_line_cap("butt");
            self.dashes(&js_sys::Array::of2(&4.into(), &3.into()));
            context.stroke();
            self.dashes(&js_sys::Array::new());
            context.set_line_cap("round");
        } else {
            context.stroke();
        }
    }

    fn dashes(&self, lengths: &js_sys::Array) {
        // Only lengths that are no numbers are refused.
        let _ = self.context.set_line_dash(lengths);
    }

    fn text(&self, at: Point, text: &str, lettering: Lettering, fill: Option<Ink>) {
        let context = self.context;
        if self.set.replace(Some(lettering)) != Some(lettering) {
            let weight = if lettering.bold { 600 } else { 400 };
            let family = if lettering.mono { MONO } else { PLAIN };
            context.set_font(&format!("{weight} {}px {family}", lettering.size));
            context.set_text_baseline("middle");
            context.set_text_align(match lettering.anchor {
                Anchor::Start => "left",
                Anchor::Middle => "center",
                Anchor::End => "right",
            });
        }
        if lettering.halo {
            self.line_with(Ink::Ground);
            context.set_line_width(RIM);
            // Text is refused only by a context that is gone.
            let _ = context.stroke_text(text, at.x, at.y);
        }
        if let Some(ink) = fill {
            self.fill_with(ink);
            let _ = context.fill_text(text, at.x, at.y);
        }
    }

    fn fill_with(&self, ink: Ink) {
        if self.filled.replace(Some(ink)) != Some(ink) {
            self.context.set_fill_style_str(&self.css(ink));
        }
    }

    fn line_with(&self, ink: Ink) {
        let ink = if self.forced && matches!(ink, Ink::Node(_)) { Ink::Text } else { ink };
        if self.lined.replace(Some(ink)) != Some(ink) {
            self.context.set_stroke_style_str(&self.css(ink));
        }
    }

    fn css(&self, ink: Ink) -> String {
        if self.forced {
            return system(ink).to_owned();
        }
        self.palette.rgb(ink).css()
    }
}

/// The colours of a system that forces its own: letters and patterns tell the nodes apart.
const fn system(ink: Ink) -> &'static str {
    match ink {
        Ink::Ground | Ink::Shade | Ink::Node(_) | Ink::OnAnswer(_) => "Canvas",
        Ink::Hair => "GrayText",
        Ink::Text | Ink::Muted | Ink::Rim | Ink::OnNode(_) | Ink::Answer(_) | Ink::Alarm => "CanvasText",
    }
}
