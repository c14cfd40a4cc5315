namespace McpSessionAnalyzers.Calls;

/// <summary>The words behind evidence 4. Every list errs on the silent side: a word that half of all programs use otherwise is not in it.</summary>
internal static class AgentVocabulary
{
    /// <summary>First words of methods that run once per message.</summary>
    private static readonly HashSet<string> PerMessageVerbs = new()
    {
        "chat", "ask", "invoke", "send", "process", "handle", "execute", "call", "stream", "complete", "generate", "respond", "answer", "convert",
        "reply", "query", "prompt", "converse", "summarize", "summarise", "translate", "consume", "infer", "research", "reason", "solve",
    };

    /// <summary>First words of methods that open, prepare or end something: never per-call, whatever they take and wherever they stand.</summary>
    private static readonly HashSet<string> LifecycleVerbs = new()
    {
        "initialize", "initialise", "init", "ensure", "start", "restart", "connect", "reconnect", "disconnect", "load", "reload", "open", "main", "create", "build",
        "setup", "set", "configure", "register", "unregister", "test", "dispose", "close", "stop", "shutdown", "warm", "warmup", "warmed", "add", "remove", "attach",
        "detach", "subscribe", "unsubscribe", "install", "restore", "resume", "save", "map", "use", "with", "from", "to", "parse", "validate", "verify",
        "check", "ping", "probe", "discover", "bootstrap", "seed", "migrate", "refresh", "reset", "make", "new", "launch", "prepare", "establish", "acquire",
        "rent", "release", "cleanup", "clear", "list", "is", "has", "can", "should", "equals", "compare", "benchmark", "measure", "bind", "provision", "spawn",
    };

    /// <summary>Words anywhere in a method's name that make it a phase of the program, not a message.</summary>
    private static readonly HashSet<string> PhaseWords = new()
    {
        "initialize", "initialise", "initialization", "init", "once", "startup", "setup", "bootstrap", "warmup", "handshake", "shutdown", "dispose", "disposal",
        "connect", "connection", "reconnect", "disconnect", "migration", "seed", "heartbeat", "health", "benchmark", "args", "cli",
    };

    /// <summary>Last words of types that work on messages.</summary>
    private static readonly HashSet<string> AgentTypeWords = new()
    {
        "agent", "assistant", "bot", "chatbot", "responder", "executor", "handler", "copilot", "invoker", "dispatcher",
    };

    /// <summary>Words anywhere in a type's name that take that back: a StartupHandler is a phase, a BuildAgent a machine.</summary>
    private static readonly HashSet<string> OtherTypeWords = new()
    {
        "startup", "shutdown", "setup", "migration", "test", "tests", "benchmark", "benchmarks", "fixture", "sample", "samples", "demo", "example", "cli",
        "install", "installer", "signal", "error", "exception", "connection", "build", "deployment", "lifecycle", "lifetime", "scenario",
    };

    /// <summary>Types of tests, whatever their methods are called.</summary>
    private static readonly HashSet<string> TestTypeWords = new() { "test", "tests", "spec", "specs", "fixture", "benchmark", "benchmarks" };

    /// <summary>Last words of parameters that differ from message to message.</summary>
    private static readonly HashSet<string> MessageNouns = new()
    {
        "message", "messages", "msg", "prompt", "question", "questions", "query", "request", "input", "text", "utterance", "goal", "instruction", "instructions",
        "topic", "history", "conversation", "payload", "content", "contents", "turn", "notification", "utterances", "dialog", "dialogue", "req",
        "invocation", "command", "sentence", "chat", "ask", "issue", "ticket", "email", "problem",
    };

    /// <summary>Nouns that say so only with a type to match: "arguments" is mostly a command line, "event" anything.</summary>
    private static readonly HashSet<string> StructuredNouns = new() { "arguments", "args", "event", "activity", "parameters", "params", "body", "context", "call" };

    /// <summary>Verbs of a conversation: whatever text such a method takes is what was said, unless it is named as something else.</summary>
    private static readonly HashSet<string> ConversationVerbs = new() { "chat", "ask", "answer", "reply", "respond", "converse" };

    /// <summary>Last words of texts that address, identify or set up something.</summary>
    private static readonly HashSet<string> AddressNouns = new()
    {
        "url", "uri", "endpoint", "address", "host", "port", "server", "path", "file", "folder", "directory", "model", "deployment", "name", "id", "key", "token", "secret",
        "password", "credential", "credentials", "connection", "string", "config", "configuration", "settings", "options", "environment", "region", "tenant", "user", "version",
        "culture", "language", "locale", "command", "executable", "process", "mode", "type", "kind", "format", "prefix", "suffix", "separator", "status", "error", "log", "template",
    };

    /// <summary>Words before the noun that make it the program's own, fixed text.</summary>
    private static readonly HashSet<string> FixedTextWords = new()
    {
        "system", "error", "log", "status", "welcome", "greeting", "startup", "exception", "warning", "initial", "default", "base", "init", "initialize", "connection", "connect",
        "template", "setup", "start", "developer",
    };

    /// <summary>Last words of types that carry one message.</summary>
    private static readonly HashSet<string> MessageTypeWords = new()
    {
        "message", "messages", "request", "prompt", "query", "command", "event", "notification", "question", "utterance", "turn",
    };

    /// <summary>Last words of types that are part of the program's furniture.</summary>
    private static readonly HashSet<string> FurnitureTypeWords = new()
    {
        "options", "option", "config", "configuration", "settings", "factory", "provider", "builder", "logger", "client", "server", "transport", "token", "source",
        "services", "service", "manager", "registry", "store", "repository", "callback", "delegate", "path", "stream", "reader", "writer", "handle", "pool", "cache",
        "definition", "definitions", "descriptor", "host", "environment", "lifetime", "type", "metadata", "tool", "tools", "agent", "kernel", "progress", "principal",
    };

    /// <summary>Words in a type's name that make even a …Request the start of something.</summary>
    private static readonly HashSet<string> PhaseTypeWords = new()
    {
        "initialize", "initialise", "initialization", "init", "connect", "connection", "start", "startup", "stop", "shutdown", "open", "load", "setup", "configuration",
        "config", "registration", "register", "reset", "install", "manual", "auto", "countdown", "template",
    };

    public static bool IsPerMessageVerb(string word) => PerMessageVerbs.Contains(word);

    public static bool IsLifecycleVerb(string word) => LifecycleVerbs.Contains(word);

    public static bool IsPhaseWord(string word) => PhaseWords.Contains(word);

    public static bool IsAgentTypeName(string name)
    {
        var words = Words.OfType(name);
        return words.Length > 0 && AgentTypeWords.Contains(words[words.Length - 1]) && !words.Any(OtherTypeWords.Contains) && !IsOtherPair(words);
    }

    /// <summary>AskCommand.ExecuteAsync(…) is as likely a command line's as a message's.</summary>
    public static bool IsCommandExecution(string type, string verb) =>
        Words.OfType(type) is { Length: > 1 } words && words[words.Length - 1] is "command" or "cmdlet" or "verb" && verb is "execute" or "invoke" or "process" or "handle";

    public static bool IsTestTypeName(string name)
    {
        var words = Words.OfType(name);
        return words.Length > 0 && TestTypeWords.Contains(words[words.Length - 1]);
    }

    /// <summary>"userMessage", "question", "chatHistory", "toolName"; not "messageBus", "inputPath", "systemPrompt".</summary>
    public static bool IsMessageName(string name)
    {
        var words = Words.Of(name);
        return words.Length > 0 &&
            !words.Any(FixedTextWords.Contains) &&
            (MessageNouns.Contains(words[words.Length - 1]) || IsToolName(words));
    }

    /// <summary>What is a text per message, though a thing of another type by that name says nothing: "task", "taskDescription".</summary>
    public static bool IsTextName(string name)
    {
        var words = Words.Of(name);
        return words.Length > 0 &&
            !words.Any(FixedTextWords.Contains) &&
            (words[words.Length - 1] == "task" || (words.Length > 1 && words[words.Length - 1] == "description" && words[words.Length - 2] == "task"));
    }

    /// <summary>A list of texts that is a conversation; any other is as likely a command line.</summary>
    public static bool IsConversationName(string name) => Words.Of(name) is { Length: > 0 } words && words[words.Length - 1] is "messages" or "history" or "conversation";

    /// <summary>Whether what a conversation verb takes under this name is what was said: "q", "what", "userText"; not "model", "serverUrl".</summary>
    public static bool IsSaid(string verb, string name)
    {
        var words = Words.Of(name);
        return ConversationVerbs.Contains(verb) && words.Length > 0 && !words.Any(FixedTextWords.Contains) && !AddressNouns.Contains(words[words.Length - 1]);
    }

    public static bool IsStructuredName(string name)
    {
        var words = Words.Of(name);
        return words.Length > 0 && !words.Any(FixedTextWords.Contains) && StructuredNouns.Contains(words[words.Length - 1]);
    }

    public static bool IsMessageTypeName(string name)
    {
        var words = Words.OfType(name);
        var last = words.Length - 1;
        // CallToolRequestParams, RequestContext; but a CommandContext is a command line's.
        if (last > 0 && (words[last] is "params" or "content" or "dto" || (words[last] == "context" && words[last - 1] is "request" or "message" or "turn")))
        {
            last--;
        }

        return last >= 0 && MessageTypeWords.Contains(words[last]) && !words.Any(PhaseTypeWords.Contains);
    }

    public static bool IsFurnitureTypeName(string name)
    {
        var words = Words.OfType(name);
        return words.Length > 0 && (FurnitureTypeWords.Contains(words[words.Length - 1]) || words.Any(PhaseTypeWords.Contains));
    }

    // The user agent of HTTP, the executor of a database.
    private static bool IsOtherPair(IReadOnlyList<string> words) =>
        words.Count > 1 && (words[words.Count - 2], words[words.Count - 1]) is ("user", "agent") or ("sql", "executor") or ("database", "executor") or ("process", "executor") or ("job", "executor");

    private static bool IsToolName(IReadOnlyList<string> words) =>
        words.Count == 1
            ? words[0] is "tool" or "function"
            : words[words.Count - 1] == "name" && words[words.Count - 2] is "tool" or "function";
}
