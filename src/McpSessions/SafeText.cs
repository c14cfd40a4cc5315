using System.Text;

namespace McpSessions;

/// <summary>
/// Makes text that came from outside fit for messages and logs: one line, bounded, and addresses without what may be secret in them.
/// </summary>
internal static class SafeText
{
    private const int MaxLength = 400;

    public static string OneLine(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var c in text)
        {
            if (line.Length == MaxLength)
            {
                return line.Append('…').ToString();
            }

            // Line and paragraph separators are no control characters, yet viewers break lines at them.
            line.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        }

        return line.ToString();
    }

    /// <summary>An address without user info, query and fragment, where keys and tokens are put.</summary>
    public static string Address(Uri uri) =>
        uri.IsAbsoluteUri ? OneLine(uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)) : "(relative address)";

    /// <summary>A transport's name: the SDK uses the endpoint's address where none is given.</summary>
    public static string TransportName(string name) =>
        Uri.TryCreate(name, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? Address(uri) : OneLine(name);
}
