using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Durations;

/// <summary>Finds the schema that a compilation can see: additional <c>*.sql</c> files, and table definitions in strings. Each file is read once.</summary>
internal static class SchemaTexts
{
    private static readonly ConditionalWeakTable<AdditionalText, object> Files = new();
    private static readonly ConditionalWeakTable<SyntaxTree, object> Trees = new();

    public static SqlSchema Read(Compilation compilation, AnalyzerOptions options, Func<string, bool> isSchemaFile, CancellationToken cancellationToken)
    {
        var sources = new List<ImmutableArray<SqlDefinition>>();
        foreach (var file in options.AdditionalFiles.Where(file => isSchemaFile(file.Path)).OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            sources.Add(OfFile(file, cancellationToken));
        }

        foreach (var tree in compilation.SyntaxTrees.OrderBy(tree => tree.FilePath, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            sources.AddRange(OfTree(tree, cancellationToken));
        }

        return new SqlSchema(sources);
    }

    /// <summary>A file that undoes a migration is none of the schema.</summary>
    public static bool IsSqlFile(string path) =>
        path.EndsWith(".sql", StringComparison.OrdinalIgnoreCase)
        && !path.EndsWith(".down.sql", StringComparison.OrdinalIgnoreCase)
        && !path.EndsWith("_down.sql", StringComparison.OrdinalIgnoreCase);

    private static ImmutableArray<SqlDefinition> OfFile(AdditionalText file, CancellationToken cancellationToken)
    {
        if (Files.TryGetValue(file, out var known))
        {
            return (ImmutableArray<SqlDefinition>)known;
        }

        var text = default(string);
        try
        {
            text = file.GetText(cancellationToken)?.ToString();
        }
        catch (Exception e) when (e is IOException or DecoderFallbackException or InvalidDataException)
        {
            // The host reports what it can't read; to us it is no schema.
        }

        var read = text is null ? ImmutableArray<SqlDefinition>.Empty : SqlDefinitionReader.Read(text, cancellationToken);
        return (ImmutableArray<SqlDefinition>)Files.GetValue(file, _ => read);
    }

    private static ImmutableArray<ImmutableArray<SqlDefinition>> OfTree(SyntaxTree tree, CancellationToken cancellationToken)
    {
        if (Trees.TryGetValue(tree, out var known))
        {
            return (ImmutableArray<ImmutableArray<SqlDefinition>>)known;
        }

        var read = ReadTree(tree, cancellationToken);
        return (ImmutableArray<ImmutableArray<SqlDefinition>>)Trees.GetValue(tree, _ => read);
    }

    private static ImmutableArray<ImmutableArray<SqlDefinition>> ReadTree(SyntaxTree tree, CancellationToken cancellationToken)
    {
        var text = tree.GetText(cancellationToken).ToString();
        if (text.IndexOf("TABLE ", StringComparison.OrdinalIgnoreCase) < 0)
        {
            return ImmutableArray<ImmutableArray<SqlDefinition>>.Empty;
        }

        var definitions = ImmutableArray.CreateBuilder<ImmutableArray<SqlDefinition>>();
        foreach (var node in tree.GetRoot(cancellationToken).DescendantNodes(node => !IsWhole(node)))
        {
            if (IsWhole(node) && !IsUndone(node))
            {
                var sql = new StringBuilder();
                Append((ExpressionSyntax)node, sql);
                var found = SqlDefinitionReader.Read(sql.ToString(), cancellationToken);
                if (!found.IsEmpty)
                {
                    definitions.Add(found);
                }
            }
        }

        return definitions.ToImmutable();
    }

    /// <summary>The outermost expression that is a text.</summary>
    private static bool IsWhole(SyntaxNode node) => node switch
    {
        InterpolatedStringExpressionSyntax => true,
        LiteralExpressionSyntax literal => literal.Token.Value is string,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => EndsInText(sum),
        _ => false,
    };

    private static bool EndsInText(ExpressionSyntax expression)
    {
        while (expression is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum)
        {
            if (sum.Right is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax { Token.Value: string })
            {
                return true;
            }

            expression = sum.Left;
        }

        return expression is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax { Token.Value: string };
    }

    /// <summary>What <c>Down()</c> of a migration runs.</summary>
    private static bool IsUndone(SyntaxNode node) => node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { Identifier.ValueText: "Down" };

    private static void Append(ExpressionSyntax expression, StringBuilder sql)
    {
        var parts = new Stack<ExpressionSyntax>();
        parts.Push(expression);
        while (parts.Count > 0)
        {
            switch (parts.Pop())
            {
                case BinaryExpressionSyntax sum:
                    parts.Push(sum.Right);
                    parts.Push(sum.Left);
                    break;
                case ParenthesizedExpressionSyntax parenthesized:
                    parts.Push(parenthesized.Expression);
                    break;
                case LiteralExpressionSyntax { Token.Value: string text }:
                    sql.Append(text);
                    break;
                case InterpolatedStringExpressionSyntax interpolated:
                    foreach (var content in interpolated.Contents)
                    {
                        sql.Append(content is InterpolatedStringTextSyntax plain ? plain.TextToken.ValueText : Hole);
                    }

                    break;
                default:
                    sql.Append(Hole);
                    break;
            }
        }
    }

    private static readonly string Hole = $"{SqlLexer.HoleMark}0{SqlLexer.HoleMark}";
}
