using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Members whose purpose is to open a session and close it again: "can the server be reached?" needs a session of its own.</summary>
internal sealed class ConnectionTests
{
    private static readonly HashSet<string> Verbs = new(StringComparer.OrdinalIgnoreCase)
    {
        "test", "tests", "probe", "ping", "check", "validate", "verify", "testing", "checking", "validation", "verification",
    };

    private static readonly HashSet<string> Objects = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "connections", "connectivity", "server", "servers", "endpoint", "endpoints",
    };

    private readonly Sessions.TypeSet _healthChecks;

    public ConnectionTests(Compilation compilation) =>
        _healthChecks = Sessions.TypeSet.Resolve(compilation, "Microsoft.Extensions.Diagnostics.HealthChecks.IHealthCheck");

    /// <summary>Whether <paramref name="member"/>, or a function that contains it, is one.</summary>
    public bool Contains(ISymbol member)
    {
        for (var current = member; current is IMethodSymbol method; current = method.ContainingSymbol)
        {
            if (_healthChecks.ContainsBaseOf(method.ContainingType) || IsNamedLikeOne(method.Name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamedLikeOne(string name)
    {
        var words = SplitWords(name).ToList();
        return words.Any(Verbs.Contains) && words.Any(Objects.Contains);
    }

    private static IEnumerable<string> SplitWords(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i == name.Length || name[i] == '_' || (char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])))
            {
                yield return name.Substring(start, i - start).Trim('_');
                start = i;
            }
        }
    }
}
