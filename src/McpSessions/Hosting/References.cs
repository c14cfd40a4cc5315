using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace McpSessions.Hosting;

/// <summary>References from a server's definition into the configuration, <c>${Some:Key}</c>, where secrets are kept.</summary>
internal static partial class References
{
    public static IEnumerable<string> KeysIn(string value) => Reference().Matches(value).Select(static match => match.Groups[1].Value);

    public static string Resolve(string value, IConfiguration? configuration) => Reference().Replace(value, match => configuration?[match.Groups[1].Value]
        ?? throw new InvalidOperationException($"The configuration key '{SafeText.OneLine(match.Groups[1].Value)}' has no value."));

    [GeneratedRegex(@"\$\{([^{}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
