using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Durations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Persistence;

/// <summary>Fixes MSA3001: the duration is rounded, and converted where the target takes integers.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FloatDurationInIntegerColumnFix))]
public sealed class FloatDurationInIntegerColumnFix : SessionCodeFix
{
    /// <summary>Stores a whole number.</summary>
    public const string WholeNumber = RuleIds.FloatDurationInIntegerColumn + "_WholeNumber";

    /// <summary>Made by the host.</summary>
    public FloatDurationInIntegerColumnFix()
        : base(RuleIds.FloatDurationInIntegerColumn, WholeNumber)
    {
    }

    internal override string Title => "Store the duration as a whole number";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (diagnostic.Properties.ContainsKey(DurationProperties.NoFix)
            || await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } file
            || ReportedNumbers.Of(diagnostic, file.Root) is not { Count: > 0 } numbers
            || numbers.Any(IsFormatted))
        {
            return null;
        }

        var keepsType = diagnostic.Properties.ContainsKey(DurationProperties.KeepsType);
        var integer = diagnostic.Properties.TryGetValue(DurationProperties.Integer, out var wanted) && wanted is not null ? wanted : "long";
        var writer = new WholeNumbers(file, cancellationToken);

        // An integer that goes straight back to a double is one to no provider.
        if (!keepsType && numbers.Any(number => NumberTypes.IsFloating(file.Model.GetTypeInfo(number, cancellationToken).ConvertedType) && IsTyped(number, file, cancellationToken)))
        {
            return null;
        }

        foreach (var number in numbers)
        {
            if (!(keepsType ? writer.TryRound(number) : writer.TryConvert(number, number, integer, ReportedNumbers.IsMilliseconds(diagnostic))))
            {
                return null;
            }
        }

        return Title;
    }

    /// <summary><c>{x:F2}</c> and <c>x.ToString("F2")</c> would print the digits of an integer too.</summary>
    private static bool IsFormatted(ExpressionSyntax number) => number.Parent switch
    {
        InterpolationSyntax { FormatClause: not null } => true,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToString", Parent: InvocationExpressionSyntax call } => call.ArgumentList.Arguments.Any(argument => argument.Expression is LiteralExpressionSyntax),
        ConditionalAccessExpressionSyntax => true,
        _ => false,
    };

    /// <summary>Whether what takes the number is itself declared as floating, so that an integer would only be converted back.</summary>
    private static bool IsTyped(ExpressionSyntax number, DocumentEdits file, CancellationToken cancellationToken) => number.Parent switch
    {
        ArgumentSyntax => true,
        AssignmentExpressionSyntax assignment => NumberTypes.IsFloating(file.Model.GetTypeInfo(assignment.Left, cancellationToken).Type),
        _ => false,
    };
}
