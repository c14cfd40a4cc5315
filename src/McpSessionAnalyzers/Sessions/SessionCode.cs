using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The code that has to do with sessions, type by type. Every rule looks at this and at nothing else, so that what only happens to stand in the same
/// compilation is neither bound nor walked, and what does matter is bound once for all of them.
/// </summary>
internal sealed class SessionCode
{
    private readonly SessionFacts _facts;
    private readonly ConcurrentDictionary<INamedTypeSymbol, ImmutableArray<MemberBody>> _known = new(SymbolEqualityComparer.Default);

    public SessionCode(SessionFacts facts) => _facts = facts;

    /// <summary>The bodies of the type's own members (not of nested types) whose text mentions something of sessions.</summary>
    public ImmutableArray<MemberBody> In(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        _known.TryGetValue(type, out var known) ? known : _known.GetOrAdd(type, Collect(type, cancellationToken));

    private ImmutableArray<MemberBody> Collect(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<MemberBody>();
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (!_facts.Names.MayBeIn(reference.SyntaxTree, reference.Span, cancellationToken))
            {
                continue;
            }

            foreach (var code in CodeOf(reference.GetSyntax(cancellationToken), cancellationToken))
            {
                if (_facts.Bodies.Containing(code, cancellationToken) is { } body)
                {
                    found.Add(body);
                }
            }
        }

        return found.ToImmutable();
    }

    private IEnumerable<SyntaxNode> CodeOf(SyntaxNode declaration, CancellationToken cancellationToken)
    {
        switch (declaration)
        {
            // The statements of a top-level program.
            case CompilationUnitSyntax unit when unit.Members.OfType<GlobalStatementSyntax>().FirstOrDefault() is { } first:
                yield return first;
                break;

            case TypeDeclarationSyntax type:
                foreach (var member in type.Members)
                {
                    // With its signature: a parameter, or new(…), may have its type from there.
                    if (member is BaseTypeDeclarationSyntax || !_facts.Names.MayBeIn(member.SyntaxTree, member.Span, cancellationToken))
                    {
                        continue;
                    }

                    foreach (var body in TypeBodies.Of(member))
                    {
                        yield return body;
                    }
                }

                break;
        }
    }
}
