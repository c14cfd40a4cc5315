using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>Statements that every new object of a type must run: they go into each constructor that doesn't chain to another of the type.</summary>
internal sealed class Constructors
{
    private readonly List<string> _statements = new();
    private IReadOnlyList<ConstructorDeclarationSyntax>? _declared;

    /// <summary>The constructors that would get the statements; null where there is one that can't.</summary>
    public static IReadOnlyList<ConstructorDeclarationSyntax>? Of(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var declared = new List<ConstructorDeclarationSyntax>();
        foreach (var constructor in type.InstanceConstructors.Where(c => !c.IsImplicitlyDeclared))
        {
            foreach (var syntax in constructor.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken)))
            {
                if (syntax is not ConstructorDeclarationSyntax declaration || !BodyEdits.CanAppend(declaration))
                {
                    return null;
                }

                if (declaration.Initializer is null || declaration.Initializer.IsKind(SyntaxKind.BaseConstructorInitializer))
                {
                    declared.Add(declaration);
                }
            }
        }

        return declared;
    }

    public void Add(string statement) => _statements.Add(statement);

    public async Task WriteAsync(
        SolutionEdits solution, DocumentEdits document, TypeDeclarationSyntax part, INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        _declared = Of(type, cancellationToken);
        if (_statements.Count == 0 || _declared is null)
        {
            return;
        }

        foreach (var constructor in _declared)
        {
            if (await solution.OfAsync(constructor.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } there)
            {
                BodyEdits.Append(constructor, _statements, awaits: false, there);
            }
        }

        if (_declared.Count == 0)
        {
            var writer = document.Type(part).Writer();
            writer.Line($"{(type.IsAbstract ? "protected" : "public")} {type.Name}()").Open();
            foreach (var statement in _statements)
            {
                writer.Line(BodyEdits.Indent(statement, writer.Indentation, document.Layout.EndOfLine));
            }

            writer.Close();
            document.Type(part).AddConstructor(writer);
        }
    }
}
