//! Marks as a picture that stands in the text.

use crate::hooks::use_page;
use ringside_scene::{Mark, Size, svg};
use yew::prelude::*;

#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct DrawingProps {
    pub(super) marks: Vec<Mark>,
    pub(super) size: Size,
    /// What a screen reader calls it; what it shows is said in words beside it.
    pub(super) title: AttrValue,
}

#[function_component]
pub(super) fn Drawing(props: &DrawingProps) -> Html {
    let page = use_page();
    // The writer of SVG escapes every text, so nothing that a visitor typed becomes an element.
    Html::from_html_unchecked(svg::document(&props.marks, props.size, page.palette, &props.title).into())
}
