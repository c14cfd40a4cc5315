using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Members whose purpose is to open a session and close it again: "can the server be reached?" needs a session of its own.</summary>
internal static class ConnectionTests
{
    private static readonly HashSet<string> Verbs = new()
    {
        "test", "tests", "probe", "ping", "check", "validate", "verify", "testing", "checking", "validation", "verification",
    };

    private static readonly HashSet<string> Objects = new()
    {
        "connection", "connections", "connectivity", "server", "servers", "endpoint", "endpoints",
    };

    private static readonly TypeNames HealthChecks = new("Microsoft.Extensions.Diagnostics.HealthChecks.IHealthCheck");

    /// <summary>Whether <paramref name="member"/>, or a function that contains it, is one.</summary>
    public static bool Contains(ISymbol member)
    {
        for (var current = member; current is IMethodSymbol method; current = method.ContainingSymbol)
        {
            if (HealthChecks.ContainsBaseOf(method.ContainingType) || IsNamedLikeOne(method.Name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamedLikeOne(string name)
    {
        var words = Words.Of(name);
        return words.Any(Verbs.Contains) && words.Any(Objects.Contains);
    }
}
