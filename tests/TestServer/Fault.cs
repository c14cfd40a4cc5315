namespace McpSessions.TestServer;

/// <summary>What goes wrong with one request, or with all of a kind.</summary>
public abstract record Fault
{
    /// <summary>Answers with this status and body, without executing anything.</summary>
    public sealed record Status(int Code, string Body = "", string ContentType = "text/plain") : Fault;

    /// <summary>Resets the connection before anything was executed.</summary>
    public sealed record DropBefore : Fault;

    /// <summary>Executes the request, then resets the connection instead of answering.</summary>
    public sealed record DropAfter : Fault;

    /// <summary>Ends the reply stream properly, without the reply.</summary>
    public sealed record NoReply : Fault;

    /// <summary>Neither executes nor answers, until the client gives up or the server is stopped.</summary>
    public sealed record Hang : Fault;

    /// <summary>Executes and answers only after the gate has been opened.</summary>
    public sealed record Slow(Task Gate) : Fault;

    /// <summary>Redirects to another address.</summary>
    public sealed record Redirect(Uri To, bool KeepMethod = true) : Fault;
}
