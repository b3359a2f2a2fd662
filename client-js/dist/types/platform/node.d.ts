export declare function isNode(): boolean;
