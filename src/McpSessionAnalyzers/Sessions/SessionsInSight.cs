using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>In what a session is, that an opening might have used.</summary>
internal enum SessionHolderKind
{
    /// <summary>It is one, or the task, lazy or shared session that gives it.</summary>
    Session,

    /// <summary>An object of another type in source, which keeps one.</summary>
    Owner,

    /// <summary>A list or dictionary of them, for several servers.</summary>
    Collection,
}

/// <param name="Symbol">The field, property or parameter.</param>
/// <param name="Kind">What it is to the session.</param>
internal sealed record SessionInSight(ISymbol Symbol, SessionHolderKind Kind);

/// <summary>Answers "which sessions could this code have used instead of opening one?", by symbols alone. Two sessions in locals that run side by side are meant to.</summary>
internal sealed class SessionsInSight
{
    private readonly TracedOpening _traced;
    private readonly INamedTypeSymbol _type;
    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellationToken;
    private readonly List<SessionInSight> _found = new();

    private SessionsInSight(TracedOpening traced, INamedTypeSymbol type, CompilationFacts facts, CancellationToken cancellationToken)
    {
        _traced = traced;
        _type = type;
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    public static IReadOnlyList<SessionInSight> Of(TracedOpening traced, INamedTypeSymbol type, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var sight = new SessionsInSight(traced, type, facts, cancellationToken);
        sight.AddMembers();
        sight.AddParameters();
        return sight._found;
    }

    /// <summary><c>Task&lt;McpClient&gt;</c> and <c>Lazy&lt;Task&lt;McpClient&gt;&gt;</c> are sessions too, by the time they are needed.</summary>
    public static ITypeSymbol? Bare(ITypeSymbol? type)
    {
        while (type is INamedTypeSymbol { Name: "Task" or "ValueTask" or "Lazy", TypeArguments: { Length: 1 } arguments })
        {
            type = arguments[0];
        }

        return type;
    }

    public static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };

    private void AddMembers()
    {
        var isStatic = _traced.Body.Member.IsStatic;
        for (var current = _type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is IFieldSymbol { IsImplicitlyDeclared: false } or IPropertySymbol { IsIndexer: false }
                    && (!isStatic || member.IsStatic)
                    && (SymbolEqualityComparer.Default.Equals(current, _type) || member.DeclaredAccessibility != Accessibility.Private)
                    && KindOf(TypeOf(member)) is { } kind
                    && (member is IFieldSymbol || IsAutoProperty((IPropertySymbol)member)))
                {
                    _found.Add(new SessionInSight(member.OriginalDefinition, kind));
                }
            }
        }
    }

    private void AddParameters()
    {
        foreach (var parameter in Parameters())
        {
            if (KindOf(parameter.Type) is { } kind and not SessionHolderKind.Collection
                && !(parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && IsKnownAsMember(parameter)))
            {
                _found.Add(new SessionInSight(parameter, kind));
            }
        }
    }

    /// <summary>A member keeps it, or it only goes to the base class, whose member is in sight.</summary>
    private bool IsKnownAsMember(IParameterSymbol parameter) =>
        _facts.Sessions.Members.KeptBy(parameter, _cancellationToken) is { } keeper
            ? _found.Exists(found => SymbolEqualityComparer.Default.Equals(found.Symbol, keeper.OriginalDefinition))
            : _found.Count > 0 && !TypeBodies.ThatName(parameter, _type, _facts.Sessions.Bodies, _cancellationToken).Any(body => body.ReferencesTo(parameter).Any());

    private IEnumerable<IParameterSymbol> Parameters()
    {
        for (var current = _traced.Function; current is IMethodSymbol method; current = method.ContainingSymbol)
        {
            foreach (var parameter in method.Parameters)
            {
                yield return parameter;
            }
        }

        if (_traced.Body.Member.IsStatic || _type.IsRecord)
        {
            yield break;
        }

        foreach (var parameter in _type.InstanceConstructors.SelectMany(constructor => constructor.Parameters))
        {
            // Of a primary constructor: in scope everywhere.
            if (parameter.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(_cancellationToken).Parent?.Parent is TypeDeclarationSyntax))
            {
                yield return parameter;
            }
        }
    }

    /// <summary>An object of one's own that has a session is at hand for whoever makes another object of its kind; only an opening may do with its session.</summary>
    private SessionHolderKind? KindOf(ITypeSymbol? type)
    {
        if (Bare(type) is not { } bare)
        {
            return null;
        }

        if (_traced.Opening.Operation is IObjectCreationOperation { Type: { } made } && !_facts.Sessions.Types.IsSharedSession(made))
        {
            return SymbolEqualityComparer.Default.Equals(bare, made) ? SessionHolderKind.Session : null;
        }

        return _facts.Symbols.Clients.ContainsBaseOf(bare) || _facts.Symbols.SharedSession.ContainsBaseOf(bare) ? SessionHolderKind.Session
            : !_facts.Sessions.Types.MayCarry(bare) || _facts.Sessions.Types.IsBareDisposable(bare) ? null
            : IsSequence(bare) ? SessionHolderKind.Collection
            : bare is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } && _facts.Sessions.Types.IsDisposable(bare) ? SessionHolderKind.Owner
            : null;
    }

    private static bool IsSequence(ITypeSymbol type) => type is IArrayTypeSymbol || type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_Collections_IEnumerable);

    /// <summary>A property that computes its value gives out what a field keeps.</summary>
    private bool IsAutoProperty(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.IsEmpty
        || property.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(_cancellationToken) is ParameterSyntax
            || (reference.GetSyntax(_cancellationToken) is PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors }
                && accessors.Accessors.All(accessor => accessor.Body is null && accessor.ExpressionBody is null)));
}
