using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Persistence;

/// <summary>Fixes MSA3002: the duration is rounded and cast in a checked context.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DurationNarrowedFix))]
public sealed class DurationNarrowedFix : SessionCodeFix
{
    /// <summary>Rounds and checks.</summary>
    public const string RoundAndCheck = RuleIds.DurationNarrowed + "_RoundAndCheck";

    /// <summary>Made by the host.</summary>
    public DurationNarrowedFix()
        : base(RuleIds.DurationNarrowed, RoundAndCheck)
    {
    }

    internal override string Title => "Round the duration and check its range";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } file
            || file.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not CastExpressionSyntax cast
            || file.Model.GetTypeInfo(cast, cancellationToken).Type is not { } type
            || Durations.NumberTypes.Underlying(type) is not { } integer)
        {
            return null;
        }

        var number = cast.Expression;
        while (number is ParenthesizedExpressionSyntax { Expression: var inner })
        {
            number = inner;
        }

        return new WholeNumbers(file, cancellationToken).TryConvert(number, cast, integer.ToDisplayString(), ReportedNumbers.IsMilliseconds(diagnostic)) ? Title : null;
    }
}
