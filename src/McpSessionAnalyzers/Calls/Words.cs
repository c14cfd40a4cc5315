using System.Collections.Immutable;

namespace McpSessionAnalyzers.Calls;

/// <summary>The words of an identifier, in lower case: "HandleUserMessageAsync" says handle, user, message. Names are read word by word, never by substring.</summary>
internal static class Words
{
    /// <summary>Splits at case changes, underscores and digits; a trailing "Async" says nothing and is left out.</summary>
    public static ImmutableArray<string> Of(string identifier)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var start = -1;
        for (var i = 0; i <= identifier.Length; i++)
        {
            var isLetter = i < identifier.Length && char.IsLetter(identifier[i]);
            if (start >= 0 && (!isLetter || StartsWord(identifier, i)))
            {
                words.Add(identifier.Substring(start, i - start).ToLowerInvariant());
                start = -1;
            }

            if (isLetter && start < 0)
            {
                start = i;
            }
        }

        if (words.Count > 1 && words[words.Count - 1] == "async")
        {
            words.RemoveAt(words.Count - 1);
        }

        return words.ToImmutable();
    }

    /// <summary>The words of a type's name, without the I of an interface, the T of a type parameter and the "Base" of a base class.</summary>
    public static ImmutableArray<string> OfType(string name)
    {
        var hasPrefix = name.Length > 2 && name[0] is 'I' or 'T' && char.IsUpper(name[1]) && char.IsLower(name[2]);
        var words = Of(hasPrefix ? name.Substring(1) : name);
        return words.Length > 1 && words[words.Length - 1] == "base" ? words.RemoveAt(words.Length - 1) : words;
    }

    // "userMessage": M after r. "HTTPRequest": R, because a lower-case letter follows it.
    private static bool StartsWord(string identifier, int index) =>
        char.IsUpper(identifier[index]) &&
        (!char.IsUpper(identifier[index - 1]) || (index + 1 < identifier.Length && char.IsLower(identifier[index + 1])));
}
