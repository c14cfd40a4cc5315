using System.Collections.Immutable;
using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Persistence;

/// <summary>
/// Makes a whole number of a floating expression: <c>DurationMilliseconds</c> for milliseconds where McpSessions is referenced, else rounding and
/// a checked cast. Null stays null, and what doesn't fit throws: a wrapped duration would be believed.
/// </summary>
internal sealed class WholeNumbers
{
    private readonly DocumentEdits _edits;
    private readonly CancellationToken _cancellationToken;

    public WholeNumbers(DocumentEdits edits, CancellationToken cancellationToken)
    {
        _edits = edits;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Where the target's type must stay floating: rounding alone.</summary>
    public bool TryRound(ExpressionSyntax number)
    {
        if (TypeOf(number) is not { } type || Durations.NumberTypes.Underlying(type) is not { } underlying)
        {
            return false;
        }

        var math = underlying.SpecialType == SpecialType.System_Single ? Name("System.MathF", number) : Name("System.Math", number);
        if (!Durations.NumberTypes.IsNullable(type))
        {
            Wrap(number, $"{math}.Round(", ")");
            return true;
        }

        return TryUnwrap(number, name => $"{math}.Round({name})", $"({underlying.ToDisplayString()}?)null");
    }

    /// <summary>A conversion to an integer.</summary>
    /// <param name="number">The floating expression.</param>
    /// <param name="replaced">What gives way to the result: the expression itself, or the cast around it.</param>
    /// <param name="integer">"int", "long", …</param>
    /// <param name="milliseconds">Whether that is what the number counts.</param>
    public bool TryConvert(ExpressionSyntax number, ExpressionSyntax replaced, string integer, bool milliseconds)
    {
        if (TypeOf(number) is not { } type || Durations.NumberTypes.Underlying(type) is not { } underlying)
        {
            return false;
        }

        if (replaced != number)
        {
            // The cast goes, what it casts stays.
            _edits.Text.Delete(TextSpan.FromBounds(replaced.SpanStart, number.SpanStart));
            _edits.Text.Delete(TextSpan.FromBounds(number.Span.End, replaced.Span.End));
        }

        if (milliseconds && integer is "int" or "long" && underlying.SpecialType != SpecialType.System_Decimal && DurationMilliseconds is { } helper)
        {
            var method = $"{_edits.Usings.NameOf(helper, number.SpanStart)}.{(integer == "int" ? "ToInt32" : "ToInt64")}(";
            if (TimeSpanIn(number) is { } accessor)
            {
                _edits.Text.Delete(accessor);
            }

            Wrap(number, method, ")");
            return true;
        }

        var math = Name("System.Math", number);
        if (!Durations.NumberTypes.IsNullable(type))
        {
            Wrap(number, $"checked(({integer}){math}.Round(", "))");
            return true;
        }

        return TryUnwrap(number, name => $"checked(({integer}){math}.Round({name}))", $"({integer}?)null");
    }

    private INamedTypeSymbol? DurationMilliseconds => _edits.Model.Compilation.GetTypesByMetadataName("McpSessions.DurationMilliseconds").FirstOrDefault();

    private ITypeSymbol? TypeOf(ExpressionSyntax number) => _edits.Model.GetTypeInfo(number, _cancellationToken).Type;

    private string Name(string metadataName, SyntaxNode at) => _edits.Usings.NameOf(metadataName, at.SpanStart);

    private void Wrap(ExpressionSyntax number, string before, string after)
    {
        _edits.Text.Insert(number.SpanStart, before);
        _edits.Text.Insert(number.Span.End, after);
    }

    private bool TryUnwrap(ExpressionSyntax number, Func<string, string> convert, string none)
    {
        // An expression tree knows no patterns.
        if (number.Ancestors().OfType<LambdaExpressionSyntax>().Any(lambda => _edits.Model.GetTypeInfo(lambda, _cancellationToken).ConvertedType?.Name == "Expression"))
        {
            return false;
        }

        var name = FreeName(number);
        var simple = number is IdentifierNameSyntax or MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or InvocationExpressionSyntax or ParenthesizedExpressionSyntax;
        Wrap(number, simple ? "(" : "((", $"{(simple ? "" : ")")} is {{ }} {name} ? {convert(name)} : {none})");
        return true;
    }

    private string FreeName(ExpressionSyntax number)
    {
        var scope = (SyntaxNode?)number.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? number.SyntaxTree.GetRoot(_cancellationToken);
        var taken = scope.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText).ToImmutableHashSet();
        return new[] { "time", "measured", "duration" }.FirstOrDefault(name => !taken.Contains(name) && _names.Add((scope, name)))
            ?? Enumerable.Range(2, 1000).Select(i => "time" + i).First(name => !taken.Contains(name) && _names.Add((scope, name)));
    }

    private readonly HashSet<(SyntaxNode, string)> _names = new();

    /// <summary>The <c>.TotalMilliseconds</c> of an expression that ends in it.</summary>
    private TextSpan? TimeSpanIn(ExpressionSyntax number)
    {
        var last = number switch
        {
            ConditionalAccessExpressionSyntax { WhenNotNull: var whenNotNull } => whenNotNull,
            _ => number,
        };
        while (last is ConditionalAccessExpressionSyntax nested)
        {
            last = nested.WhenNotNull;
        }

        var (name, dot) = last switch
        {
            MemberAccessExpressionSyntax access => (access.Name, access.OperatorToken),
            MemberBindingExpressionSyntax { Parent: ConditionalAccessExpressionSyntax access } binding => (binding.Name, access.OperatorToken),
            _ => default,
        };
        if (name is not { Identifier.ValueText: "TotalMilliseconds" }
            || _edits.Model.GetSymbolInfo(name, _cancellationToken).Symbol is not IPropertySymbol { ContainingType: { Name: "TimeSpan", ContainingNamespace.Name: "System" } })
        {
            return null;
        }

        return TextSpan.FromBounds(dot.SpanStart, name.Span.End);
    }
}
