using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>How often a piece of code runs.</summary>
internal enum CallFrequency
{
    /// <summary>Nothing is known: rules stay silent, or ask for weaker evidence of their own.</summary>
    Unknown,

    /// <summary>Once per process, or once per object that lives as long as it.</summary>
    RunOnce,

    /// <summary>Once per message, request or tool call.</summary>
    PerCall,
}

/// <summary>Kinds of run-once code, those first that promise most: one caller at a time, and nobody who comes again.</summary>
internal enum RunOnceKind
{
    None,
    EntryPoint,
    Construction,
    HostedService,
    Fixture,
    SingletonFactory,
    Composition,
    Callback,
    Command,
    Test,
    Lazy,
    Configured,
}

/// <summary>Why code is taken for per-call code, strongest first (RULES.md, "Per-call code").</summary>
internal enum EvidenceStrength
{
    None = 0,
    FrameworkEntryPoint = 1,
    ToolFunction = 2,
    AgentContract = 3,
    AgentShape = 4,

    /// <summary>
    /// Construction of a type that is registered as scoped or transient, or the factory of such a registration: MSA1005 speaks of it
    /// at the registration, MSA1001 leaves it alone. (Evidence 5 is the opening's own and no answer of this kind.)
    /// </summary>
    ShortLivedInstance = 6,
}

/// <summary>
/// The answer to "how often does this run, and how do we know?".
/// <paramref name="Reason"/> is a phrase for a message that fits in parentheses after the member's name, e.g.
/// "a controller action", "it implements IChatClient.GetResponseAsync", "an agent method: 'Ask' takes 'question'".
/// <paramref name="Member"/> is the member that the evidence speaks of: the entry point, not the private helper or lambda that it reached.
/// <paramref name="Path"/> leads from that member to the asked place, one location per private helper call.
/// </summary>
internal sealed record CallContext(
    CallFrequency Frequency,
    EvidenceStrength Strength,
    string Reason,
    ISymbol? Member,
    IReadOnlyList<Location> Path)
{
    /// <summary>For run-once code: which. A helper of several kinds has the one that promises least.</summary>
    public RunOnceKind RunOnceKind { get; init; }

    public static readonly CallContext Unknown = new(CallFrequency.Unknown, EvidenceStrength.None, "", null, Array.Empty<Location>());

    public bool IsPerCall => Frequency == CallFrequency.PerCall;

    /// <summary>Per-call code by evidence 1 to 4, and not merely the construction of a short-lived instance.</summary>
    public bool IsPerCallByEvidence => IsPerCall && Strength is >= EvidenceStrength.FrameworkEntryPoint and <= EvidenceStrength.AgentShape;

    public bool IsRunOnce => Frequency == CallFrequency.RunOnce;
}
