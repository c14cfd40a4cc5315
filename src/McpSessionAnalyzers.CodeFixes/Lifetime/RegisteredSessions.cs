using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// The shared sessions that the solution's containers know, by what they are made with, so that one server has one registration. The first has no key;
/// each further one has, for consumers to tell them apart.
/// </summary>
internal sealed class RegisteredSessions
{
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private bool _isRead;

    /// <summary>Reads what the code registers by itself.</summary>
    public async Task ReadAsync(SolutionEdits edits, INamedTypeSymbol sharedType, CancellationToken cancellationToken)
    {
        if (_isRead)
        {
            return;
        }

        _isRead = true;
        foreach (var document in edits.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp).SelectMany(project => project.Documents))
        {
            if ((await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString().Contains(sharedType.Name)
                && await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is { } there)
            {
                foreach (var call in there.Root.DescendantNodes().OfType<InvocationExpressionSyntax>())
                {
                    Read(call, there, sharedType, cancellationToken);
                }
            }
        }
    }

    /// <summary>The key of the session that is made with these arguments, empty where it has none; null where there is no such session.</summary>
    public string? KeyOf(string arguments) => _keys.TryGetValue(arguments, out var key) ? key : null;

    /// <summary>A key that tells one more session from those that are there.</summary>
    public string NewKey(string stem) => _taken.Count == 0 ? "" : Scopes.UniqueName(stem, _taken.Contains);

    /// <summary>False where it was there.</summary>
    public bool Add(string arguments, string key)
    {
        if (_keys.ContainsKey(arguments))
        {
            return false;
        }

        _keys.Add(arguments, key);
        _taken.Add(key);
        return true;
    }

    private void Read(InvocationExpressionSyntax call, DocumentEdits document, INamedTypeSymbol sharedType, CancellationToken cancellationToken)
    {
        if (document.Model.GetOperation(call, cancellationToken) is not IInvocationOperation operation
            || RegistrationCall.Of(operation) is not { Service: { } service }
            || !SessionConsumers.Same(service, sharedType))
        {
            return;
        }

        var key = operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "serviceKey");
        var name = key is null ? "" : FactoryResults.Unconverted(key.Value).ConstantValue.Value as string ?? call.ToString();
        _taken.Add(name);
        if (call.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>().FirstOrDefault()?.ArgumentList is { } arguments)
        {
            _keys[Tokens.Of(arguments)] = name;
        }
    }
}
