using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>How long an instance of a type lives, which is as long as its fields can keep anything (RULES.md, "Instance lifetime").</summary>
internal enum InstanceLifetimeKind
{
    /// <summary>No evidence: taken for long-lived, so that a field silences.</summary>
    Unknown,

    /// <summary>A framework makes one per request or call: controllers, hubs, page models, non-static tool classes, …</summary>
    FrameworkCreatedPerCall,

    /// <summary>Registered as scoped or transient, and nowhere as a singleton.</summary>
    RegisteredPerCall,

    /// <summary>Registered as a singleton or hosted service, or conventional middleware.</summary>
    Singleton,
}

/// <summary>The answer, with a phrase for messages ("a controller, created for each request") and, for registrations, where they stand.</summary>
internal sealed record InstanceLifetime(InstanceLifetimeKind Kind, string Reason, Location? Registration)
{
    public static readonly InstanceLifetime Unknown = new(InstanceLifetimeKind.Unknown, "", null);

    /// <summary>An instance field outlives no call.</summary>
    public bool IsPerCall => Kind is InstanceLifetimeKind.FrameworkCreatedPerCall or InstanceLifetimeKind.RegisteredPerCall;
}
