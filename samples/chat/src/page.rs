//! The page of the chat: its files are in the program.

use hubcast::Server;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Path, type, content.
const FILES: [(&str, &str, &str); 11] = [
    ("/", HTML, include_str!("../web/index.html")),
    ("/chat.css", CSS, include_str!("../web/chat.css")),
    ("/conversation.css", CSS, include_str!("../web/conversation.css")),
    ("/entrance.css", CSS, include_str!("../web/entrance.css")),
    ("/sidebar.css", CSS, include_str!("../web/sidebar.css")),
    ("/chat.js", JAVASCRIPT, include_str!("../web/chat.js")),
    ("/composer.js", JAVASCRIPT, include_str!("../web/composer.js")),
    ("/connection.js", JAVASCRIPT, include_str!("../web/connection.js")),
    ("/conversation.js", JAVASCRIPT, include_str!("../web/conversation.js")),
    ("/readable.js", JAVASCRIPT, include_str!("../web/readable.js")),
    ("/sidebar.js", JAVASCRIPT, include_str!("../web/sidebar.js")),
];

/// Serves the page at `/`, and what it needs.
pub(crate) fn serve(server: Server) -> Server {
    let server = server.client_script("/hubcast.js");
    FILES
        .iter()
        .fold(server, |server, &(path, content_type, content)| server.page(path, content_type, content))
}
