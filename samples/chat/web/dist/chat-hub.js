/*
 * The contract of the hub `ChatHub`, written by hubcast from its Rust traits: change those, not this file.
 */
/** For `build(chatHub)` of a connection's builder. The schema stands for all names and types above. */
export const chatHub = {
    schema: "a2f2dba524054ffd",
};
