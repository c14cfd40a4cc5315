using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace McpSessions.Hosting;

/// <summary>
/// References from a server's definition into the configuration, <c>${Some:Key}</c>, where secrets are kept; <c>${env:NAME}</c> is an environment
/// variable, as other readers of <c>mcp.json</c> have it; <c>$${</c> stands for itself.
/// </summary>
internal static partial class References
{
    private const string EnvironmentPrefix = "env:";

    /// <summary>The text with its references replaced; those that lead nowhere stay, and are named.</summary>
    public static string Resolve(string text, IConfiguration? configuration, ICollection<string> missing) => Reference().Replace(text, match =>
    {
        if (match.Groups["escaped"].Success)
        {
            return match.Value[1..];
        }

        var key = match.Groups["key"].Value;
        if (Value(key, configuration) is { } value)
        {
            return value;
        }

        missing.Add(SafeText.OneLine(key));
        return match.Value;
    });

    /// <summary>The same at an opening, when everything was found at the start and something has gone since.</summary>
    public static string Resolve(string text, IConfiguration? configuration)
    {
        var missing = new List<string>();
        var resolved = Resolve(text, configuration, missing);
        return missing.Count == 0 ? resolved : throw new InvalidOperationException($"The configuration key '{missing[0]}' has no value.");
    }

    private static string? Value(string key, IConfiguration? configuration) =>
        configuration?[key] ?? (key.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) ? Environment.GetEnvironmentVariable(key[EnvironmentPrefix.Length..]) : null);

    [GeneratedRegex(@"\$(?<escaped>\$)?\{(?<key>[^{}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
