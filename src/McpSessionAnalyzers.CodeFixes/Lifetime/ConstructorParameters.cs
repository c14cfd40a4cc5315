using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// The parameters of a constructor that only the container calls: new ones are added, and those of a primary constructor go that nothing reads any more,
/// of which the compiler would warn.
/// </summary>
internal sealed class ConstructorParameters
{
    private readonly List<string> _added = new();
    private readonly List<SyntaxNode> _gone = new();

    public void Add(string parameter)
    {
        if (!_added.Contains(parameter))
        {
            _added.Add(parameter);
        }
    }

    public void Forget(IEnumerable<SyntaxNode> code) => _gone.AddRange(code);

    public void Write(ParameterListSyntax list, DocumentEdits document, CancellationToken cancellationToken)
    {
        var unread = list.Parameters.Where(parameter => IsUnread(parameter, list, document, cancellationToken)).ToList();
        var hasComments = list.DescendantTrivia().Any(trivia => trivia.IsDirective || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));
        var kept = list.Parameters.Where(parameter => hasComments || !unread.Contains(parameter)).ToList();
        var first = kept.Where(parameter => parameter.Default is not null || parameter.Modifiers.Any(SyntaxKind.ParamsKeyword)).Select(parameter => kept.IndexOf(parameter)).DefaultIfEmpty(kept.Count).First();
        var separator = list.Parameters.Count > 0 && document.Layout.StartsLine(list.Parameters.Last())
            ? "," + document.Layout.EndOfLine + document.Layout.IndentationOf(list.Parameters.Last())
            : ", ";
        if (kept.Count == list.Parameters.Count && kept.Count > 0)
        {
            // Nothing but an insertion: what stands there keeps its layout.
            var added = string.Join(separator, _added);
            if (first == kept.Count)
            {
                document.Text.Insert(kept.Last().Span.End, separator + added);
            }
            else
            {
                document.Text.Insert(kept[first].SpanStart, added + separator);
            }

            return;
        }

        var texts = kept.Select(parameter => parameter.ToString()).ToList();
        texts.InsertRange(first, _added);
        document.Text.Replace(TextSpan.FromBounds(list.OpenParenToken.Span.End, list.CloseParenToken.SpanStart), LeadOf(list, document) + string.Join(separator, texts));
    }

    /// <summary>The line break of a list whose first parameter has a line of its own.</summary>
    private static string LeadOf(ParameterListSyntax list, DocumentEdits document) =>
        list.Parameters.Count > 0 && document.Layout.StartsLine(list.Parameters[0]) ? document.Layout.EndOfLine + document.Layout.IndentationOf(list.Parameters[0]) : "";

    private bool IsUnread(ParameterSyntax parameter, ParameterListSyntax list, DocumentEdits document, CancellationToken cancellationToken)
    {
        if (_gone.Count == 0 || document.Model.GetDeclaredSymbol(parameter, cancellationToken) is not { } symbol)
        {
            return false;
        }

        var mentions = list.Parent!.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == symbol.Name && SymbolEqualityComparer.Default.Equals(document.Model.GetSymbolInfo(name, cancellationToken).Symbol, symbol))
            .ToList();
        return mentions.Count > 0 && mentions.All(name => _gone.Any(code => code.Span.Contains(name.Span)));
    }
}
