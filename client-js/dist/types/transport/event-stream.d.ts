/** Gives a function that takes the text as it comes and gives back the data of each event that is whole. */
export declare function eventStream(): (text: string) => string[];
