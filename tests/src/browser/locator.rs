//! Finding elements as a screen reader does, and acting on them.

use std::fmt;

use serde_json::{Value, json};

use super::driver::Refused;
use super::keys;
use super::page::Browser;

/// What the driver says of an element that is gone, hidden, or covered: in a page that renders, it may be there in
/// the next frame.
const PASSING: [&str; 4] =
    ["stale element reference", "element not interactable", "element click intercepted", "no such element"];

/// One stage of a description: a role and, if it matters, a name.
#[derive(Debug, Clone)]
struct Query {
    role: String,
    name: Option<String>,
}

/// A description of elements by role and accessible name, perhaps inside another; looked up anew at each use.
#[derive(Clone)]
pub struct Locator<'b> {
    browser: &'b Browser,
    path: Vec<Query>,
}

/// Where an element is, in CSS pixels from the top left corner of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// An element found: its node in the accessibility tree and the handle by which scripts get it.
#[derive(Debug)]
struct Found {
    node: i64,
    name: String,
    description: String,
}

impl fmt::Display for Locator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, query) in self.path.iter().enumerate() {
            let gap = if index == 0 { "" } else { " > " };
            write!(f, "{gap}{}", query.role)?;
            if let Some(name) = &query.name {
                write!(f, " {name:?}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Locator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Locator({self})")
    }
}

impl<'b> Locator<'b> {
    pub(super) fn new(browser: &'b Browser, role: &str, name: Option<&str>) -> Self {
        Self { browser, path: Vec::new() }.then(role, name)
    }

    fn then(&self, role: &str, name: Option<&str>) -> Self {
        let mut path = self.path.clone();
        path.push(Query { role: role.to_owned(), name: name.map(str::to_owned) });
        Self { browser: self.browser, path }
    }

    /// Elements inside this one, by role and exact accessible name.
    #[must_use]
    pub fn get(&self, role: &str, name: &str) -> Self {
        self.then(role, Some(name))
    }

    /// Elements inside this one, by role.
    #[must_use]
    pub fn all(&self, role: &str) -> Self {
        self.then(role, None)
    }

    /// How many elements match now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.look().map_or(0, |found| found.len())
    }

    /// The accessible names of all that match now, in document order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.look().map_or_else(|_| Vec::new(), |found| found.into_iter().map(|found| found.name).collect())
    }

    /// Whether one or more match now. To wait for it, use [`Locator::wait`].
    #[must_use]
    pub fn exists(&self) -> bool {
        self.count() > 0
    }

    /// Waits until exactly one element matches.
    #[track_caller]
    pub fn wait(&self) {
        self.browser.poll(|| self.one());
    }

    /// Waits until none matches.
    #[track_caller]
    pub fn wait_gone(&self) {
        self.browser.poll(|| match self.count() {
            0 => Ok(()),
            n => Err(format!("{self}: there still are {n}")),
        });
    }

    /// Clicks it in its middle, as a mouse does: what covers it gets the click in its place, and that fails.
    #[track_caller]
    pub fn click(&self) {
        self.act(|id| self.browser.driver.call("POST", &format!("/element/{id}/click"), &json!({})));
    }

    /// Moves the mouse to its middle, without a click.
    #[track_caller]
    pub fn hover(&self) {
        self.eval("this.scrollIntoView({block: 'nearest', inline: 'nearest'})");
        let Bounds { x, y, width, height } = self.bounds();
        self.browser.hover_at(x + width / 2.0, y + height / 2.0);
    }

    /// Gives it the focus.
    #[track_caller]
    pub fn focus(&self) {
        self.eval("this.focus()");
    }

    /// Presses keys on it; see [`super::keys`]. It gets the focus first.
    #[track_caller]
    pub fn press(&self, text: &str) {
        self.focus();
        self.browser.press(text);
    }

    /// Replaces the text of an input, by typing over it; `change` fires when it loses the focus.
    #[track_caller]
    pub fn fill(&self, text: &str) {
        // WebDriver's own way to clear an input tells the page too late: one that paints in between writes back what it knew.
        self.eval("this.focus(); this.select()");
        let text = if text.is_empty() { keys::BACKSPACE } else { text };
        self.act(|id| {
            self.browser.driver.call("POST", &format!("/element/{id}/value"), &json!({"text": text}))
        });
    }

    /// Waits until the chosen option of a `select` reads exactly so.
    #[track_caller]
    pub fn wait_chosen(&self, option: &str) {
        let script = "return this.selectedOptions[0]?.text.trim() ?? ''";
        self.browser.poll(|| match self.eval(script) {
            now if now == option => Ok(()),
            now => Err(format!("{self}: {now} is chosen, not {option:?}")),
        });
    }

    /// Sets the value of a slider or another input at once, with the events of a drag: `input`, then `change`.
    ///
    /// # Panics
    /// When the element does not take the value, as a slider whose bounds exclude it.
    #[track_caller]
    pub fn set_value(&self, value: &str) {
        let script = "this.value = arguments[0];
            const now = this.value;
            this.dispatchEvent(new Event('input', {bubbles: true}));
            this.dispatchEvent(new Event('change', {bubbles: true}));
            return now;";
        let now = self.eval_with(script, &[json!(value)]);
        assert_eq!(now, json!(value), "{self} does not take this value");
    }

    /// Chooses the option of a `select` whose text is exactly `option`.
    ///
    /// # Panics
    /// When there is no such option.
    #[track_caller]
    pub fn choose(&self, option: &str) {
        let script = "const texts = [...this.options].map((option) => option.text.trim());
            const index = texts.indexOf(arguments[0]);
            if (index < 0) return texts;
            this.selectedIndex = index;
            this.dispatchEvent(new Event('input', {bubbles: true}));
            this.dispatchEvent(new Event('change', {bubbles: true}));
            return null;";
        let answer = self.eval_with(script, &[json!(option)]);
        assert!(answer.is_null(), "{self} has no option {option:?}, only {answer}");
    }

    /// The texts of the options of a `select`.
    #[must_use]
    #[track_caller]
    pub fn options(&self) -> Vec<String> {
        let texts = self.eval("return [...this.options].map((option) => option.text.trim())");
        texts.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The value of an input, or of the chosen option.
    #[must_use]
    #[track_caller]
    pub fn value(&self) -> String {
        self.eval("return this.value").as_str().unwrap_or_default().to_owned()
    }

    /// The visible text, white space as it is shown.
    #[must_use]
    #[track_caller]
    pub fn text(&self) -> String {
        self.eval("return this.innerText ?? this.textContent").as_str().unwrap_or_default().to_owned()
    }

    /// An attribute, if it is set.
    #[must_use]
    #[track_caller]
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.eval_with("return this.getAttribute(arguments[0])", &[json!(name)]).as_str().map(str::to_owned)
    }

    /// The accessible description.
    #[must_use]
    #[track_caller]
    pub fn description(&self) -> String {
        self.browser.poll(|| self.one()).description
    }

    /// Where it is.
    #[must_use]
    #[track_caller]
    pub fn bounds(&self) -> Bounds {
        let script =
            "const {x, y, width, height} = this.getBoundingClientRect(); return [x, y, width, height]";
        let answer = self.eval(script);
        let number = |index: usize| answer[index].as_f64().expect("a number of pixels");
        Bounds { x: number(0), y: number(1), width: number(2), height: number(3) }
    }

    /// Waits until its visible text contains `part`.
    #[track_caller]
    pub fn wait_text(&self, part: &str) {
        self.wait_for(&format!("text that contains {part:?}"), "innerText", |text| text.contains(part));
    }

    /// Waits until the value of an input is `value`.
    #[track_caller]
    pub fn wait_value(&self, value: &str) {
        self.wait_for(&format!("value {value:?}"), "value", |now| now == value);
    }

    #[track_caller]
    fn wait_for(&self, what: &str, property: &str, good: impl Fn(&str) -> bool) {
        let script = "return String(this[arguments[0]])";
        self.browser.poll(|| {
            let answer = self.try_eval(script, &[json!(property)])?;
            let now = answer.as_str().unwrap_or_default();
            if good(now) { Ok(()) } else { Err(format!("{self}: no {what}, but {now:?}")) }
        });
    }

    /// Runs the body of a function with the element as `this`, and gives what it returns as JSON.
    #[track_caller]
    pub fn eval(&self, script: &str) -> Value {
        self.eval_with(script, &[])
    }

    /// The same with `arguments`.
    #[track_caller]
    pub fn eval_with(&self, script: &str, arguments: &[Value]) -> Value {
        self.browser.poll(|| self.try_eval(script, arguments))
    }

    fn try_eval(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        let object = self.object(self.one()?.node)?;
        let arguments: Vec<_> = arguments.iter().map(|value| json!({"value": value})).collect();
        let answer = self.cdp(
            "Runtime.callFunctionOn",
            &json!({
                "objectId": object, "functionDeclaration": format!("function() {{ {script} }}"),
                "arguments": arguments, "returnByValue": true, "userGesture": true,
            }),
        )?;
        if let Some(thrown) = answer.get("exceptionDetails") {
            return Err(format!("{self}: {script}: {}", thrown["exception"]["description"]));
        }
        Ok(answer["result"]["value"].clone())
    }

    /// Does something to the one element that matches, by its WebDriver id, as soon as that is possible.
    #[track_caller]
    fn act(&self, mut act: impl FnMut(&str) -> Result<Value, Refused>) {
        self.browser.poll(|| {
            let id = self.id()?;
            act(&id).map_err(|refused| {
                let passing = PASSING.contains(&refused.code.as_str());
                assert!(passing, "{self}: {}: {}", refused.code, refused.message);
                format!("{self}: {}: {}", refused.code, refused.message)
            })
        });
    }

    /// The WebDriver id of the one element that matches. The two protocols name elements differently, so the element
    /// is handed over through a variable of the page.
    fn id(&self) -> Result<String, String> {
        let object = self.object(self.one()?.node)?;
        let hand_over = "function() { globalThis.ringsideFound = this }";
        self.cdp("Runtime.callFunctionOn", &json!({"objectId": object, "functionDeclaration": hand_over}))?;
        let take = "const found = globalThis.ringsideFound; delete globalThis.ringsideFound; return found";
        let answer = self
            .browser
            .driver
            .call("POST", "/execute/sync", &json!({"script": take, "args": []}))
            .map_err(|refused| format!("{self}: {}", refused.message))?;
        let id = answer.as_object().and_then(|object| object.values().next()).and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| format!("{self}: it is no element"))
    }

    /// The one element that matches.
    fn one(&self) -> Result<Found, String> {
        let mut found = self.look()?;
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(format!("{self}: there is none; {}", self.instead())),
            n => Err(format!("{self}: there are {n}")),
        }
    }

    /// What there is of the role, for the message that says the wanted one is not there.
    fn instead(&self) -> String {
        let Some(last) = self.path.last() else { return String::new() };
        let document = self.browser.driver.cdp("Runtime.evaluate", &json!({"expression": "document"}));
        let object =
            document.ok().and_then(|answer| answer["result"]["objectId"].as_str().map(str::to_owned));
        let any = Query { role: last.role.clone(), name: None };
        let names: Vec<_> = object
            .and_then(|object| self.inside(&object, &any).ok())
            .map(|found| found.into_iter().map(|found| found.name).collect())
            .unwrap_or_default();
        format!("elements of the role {}: {names:?}", last.role)
    }

    /// All elements that match now. The outer stages of the description have to match exactly one.
    fn look(&self) -> Result<Vec<Found>, String> {
        let document = self.cdp("Runtime.evaluate", &json!({"expression": "document"}))?;
        let mut object = document["result"]["objectId"].as_str().unwrap_or_default().to_owned();
        let (last, outer) = self.path.split_last().expect("a description has a stage");
        for query in outer {
            let found = self.inside(&object, query)?;
            let [only] = found.as_slice() else {
                return Err(format!("{self}: there are {} of {} {:?}", found.len(), query.role, query.name));
            };
            object = self.object(only.node)?;
        }
        self.inside(&object, last)
    }

    /// The elements below `object` that match `query`, hidden ones left out.
    fn inside(&self, object: &str, query: &Query) -> Result<Vec<Found>, String> {
        let mut wanted = json!({"objectId": object, "role": query.role});
        if let Some(name) = &query.name {
            wanted["accessibleName"] = json!(name);
        }
        let answer = self.cdp("Accessibility.queryAXTree", &wanted)?;
        let text = |node: &Value, field: &str| node[field]["value"].as_str().unwrap_or_default().to_owned();
        let nodes = answer["nodes"].as_array().into_iter().flatten();
        let seen = nodes.filter(|node| node["ignored"] != json!(true) && text(node, "role") == query.role);
        Ok(seen
            .filter_map(|node| {
                let (name, description) = (text(node, "name"), text(node, "description"));
                Some(Found { node: node["backendDOMNodeId"].as_i64()?, name, description })
            })
            .collect())
    }

    /// The handle by which scripts get a node.
    fn object(&self, node: i64) -> Result<String, String> {
        let answer = self.cdp("DOM.resolveNode", &json!({"backendNodeId": node}))?;
        let id = answer["object"]["objectId"].as_str();
        id.map(str::to_owned).ok_or_else(|| format!("{self}: it has gone"))
    }

    fn cdp(&self, command: &str, parameters: &Value) -> Result<Value, String> {
        self.browser.driver.cdp(command, parameters).map_err(|refused| format!("{self}: {}", refused.message))
    }
}
