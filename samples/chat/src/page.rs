//! The page of the chat: its files are in the program. The scripts are compiled from `web/src` by `npm run build`.

use hubcast::Server;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Path, type, content.
const FILES: [(&str, &str, &str); 13] = [
    ("/", HTML, include_str!("../web/index.html")),
    ("/chat.css", CSS, include_str!("../web/chat.css")),
    ("/conversation.css", CSS, include_str!("../web/conversation.css")),
    ("/entrance.css", CSS, include_str!("../web/entrance.css")),
    ("/sidebar.css", CSS, include_str!("../web/sidebar.css")),
    ("/chat.js", JAVASCRIPT, include_str!("../web/dist/chat.js")),
    ("/chat-hub.js", JAVASCRIPT, include_str!("../web/dist/chat-hub.js")),
    ("/composer.js", JAVASCRIPT, include_str!("../web/dist/composer.js")),
    ("/connection.js", JAVASCRIPT, include_str!("../web/dist/connection.js")),
    ("/conversation.js", JAVASCRIPT, include_str!("../web/dist/conversation.js")),
    ("/element.js", JAVASCRIPT, include_str!("../web/dist/element.js")),
    ("/readable.js", JAVASCRIPT, include_str!("../web/dist/readable.js")),
    ("/sidebar.js", JAVASCRIPT, include_str!("../web/dist/sidebar.js")),
];

/// Serves the page at `/`, and what it needs.
pub(crate) fn serve(server: Server) -> Server {
    let server = server.client_script("/hubcast.js");
    FILES
        .iter()
        .fold(server, |server, &(path, content_type, content)| server.page(path, content_type, content))
}
