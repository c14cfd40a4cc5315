namespace McpSessionAnalyzers.Sessions;

/// <summary>What a function does with a session that it is given.</summary>
[Flags]
internal enum ParameterFate
{
    /// <summary>It uses it and gives it back.</summary>
    None = 0,
    Disposes = 1,

    /// <summary>It puts it into a field or property.</summary>
    Keeps = 2,

    /// <summary>Its result is the session, or holds it.</summary>
    Returns = 4,

    /// <summary>It is not known.</summary>
    Escapes = 8,

    /// <summary>Its result is something that needs the session: tools, or what is built from them.</summary>
    ReturnsDependent = 16,

    /// <summary>It puts such a thing into a field or property.</summary>
    KeepsDependent = 32,

    /// <summary>It uses such a thing in a way that calls through the session.</summary>
    UsesDependent = 64,

    OfDependents = ReturnsDependent | KeepsDependent | UsesDependent,
}

/// <summary>What callers need to know of a method, local function, lambda or parameter. Never null; empty where nothing is known.</summary>
internal sealed record FunctionSummary
{
    public static readonly FunctionSummary Unknown = new() { Fate = ParameterFate.Escapes };

    /// <summary>For a function: the opening whose session is the function's result, opened by this very call and kept by nobody.</summary>
    public Opening? Opened { get; init; }

    /// <summary>For a function: the out parameter that carries the session, where it is not the result.</summary>
    public int? OutOrdinal { get; init; }

    /// <summary>For a function: ordinals of the parameters on which transport and options of <see cref="Opened"/> depend.</summary>
    public IReadOnlyCollection<int> DecidingParameters { get; init; } = Array.Empty<int>();

    /// <summary>For a function: the parameter that is the transport itself.</summary>
    public int? TransportParameter { get; init; }

    /// <summary>For an instance method: the opening whose session it puts into a member of its object.</summary>
    public Opening? Kept { get; init; }

    /// <summary>For an instance method: it disposes a session that its object keeps.</summary>
    public bool DisposesOwnSession { get; init; }

    /// <summary>For a parameter.</summary>
    public ParameterFate Fate { get; init; }
}
