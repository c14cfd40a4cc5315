using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Who keeps a session that a member disposes without having opened it.</summary>
internal enum SessionLender
{
    /// <summary>A <c>SharedMcpSession</c> or its kin handed the client out.</summary>
    SharedSession,

    /// <summary>The service container made it, and closes it.</summary>
    Container,

    /// <summary>A field keeps it for the whole type: every call uses the same one.</summary>
    Field,
}

/// <param name="Lender">Who answers for the session.</param>
/// <param name="Member">The field, property or primary-constructor parameter that it was read from, if any.</param>
internal sealed record BorrowedSession(SessionLender Lender, ISymbol? Member);

/// <summary>
/// Answers "who owns the session that this value is?", from the value back to where it came from. Null: this code may well own it, or there is no
/// telling.
/// </summary>
internal sealed class BorrowedSessions
{
    private const int MaxSteps = 24;

    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellationToken;

    public BorrowedSessions(CompilationFacts facts, CancellationToken cancellationToken)
    {
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    private SessionFacts Sessions => _facts.Sessions;

    public BorrowedSession? Find(IOperation value, MemberBody body)
    {
        var pending = new Queue<(IOperation Value, MemberBody Body)>();
        var seen = new HashSet<IOperation>();
        pending.Enqueue((value, body));
        BorrowedSession? found = null;
        while (pending.Count > 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var (next, at) = pending.Dequeue();
            next = Bare(next);
            if (!seen.Add(next))
            {
                continue;
            }

            // Every way that the value may have come must be a loan.
            if (seen.Count > MaxSteps || (LoanOf(next, at) ?? Step(next, at, pending)) is not { } loan)
            {
                return null;
            }

            found = loan.Member is null && loan.Lender == SessionLender.Field ? found : loan;
        }

        return found;
    }

    /// <summary>The value itself, without awaits, conversions and await plumbing.</summary>
    private IOperation Bare(IOperation value)
    {
        while (true)
        {
            value = LocalValues.Unwrap(value);
            if (value is IInvocationOperation { Instance: { } instance, TargetMethod: var method } && Sessions.Calls.PassesThrough(method))
            {
                value = instance;
            }
            else if (value is IInvocationOperation { Instance: null, TargetMethod: { IsExtensionMethod: true } extension, Arguments: { Length: > 0 } arguments } && Sessions.Calls.PassesThrough(extension))
            {
                value = arguments[0].Value;
            }
            else if (value is IConditionalAccessInstanceOperation && LocalValues.ReceiverOf(value) is { } receiver)
            {
                value = receiver;
            }
            else
            {
                return value;
            }
        }
    }

    private BorrowedSession? LoanOf(IOperation value, MemberBody body)
    {
        switch (value)
        {
            case IInvocationOperation invocation when Sessions.Types.IsSharedSession(invocation.TargetMethod.ContainingType) && Sessions.Types.IsSession(ResultOf(invocation.Type)):
            case IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingType: { Name: "McpSessionRegistry", ContainingNamespace.Name: "McpSessions" } } }:
                return new BorrowedSession(SessionLender.SharedSession, null);

            case IInvocationOperation { TargetMethod: { Name: "GetRequiredService" or "GetService" or "GetRequiredKeyedService" or "GetKeyedService" } method } invocation
                when IsLendable(ResultOf(invocation.Type)) && method.ContainingNamespace?.ToDisplayString() == "Microsoft.Extensions.DependencyInjection":
                return new BorrowedSession(SessionLender.Container, null);

            case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field:
                return OfMember(field.Field);

            case IPropertyReferenceOperation { Property: { IsIndexer: false } property, Instance: null or IInstanceReferenceOperation } when !HasBody(property):
                return OfMember(property);

            case IParameterReferenceOperation parameter:
                return OfParameter(parameter.Parameter, value);

            default:
                return null;
        }
    }

    /// <summary>One step back: into a local's values, both sides of a choice, or the results of a method in source.</summary>
    private BorrowedSession? Step(IOperation value, MemberBody body, Queue<(IOperation, MemberBody)> pending)
    {
        var unknown = new BorrowedSession(SessionLender.Field, null);
        switch (value)
        {
            case ILiteralOperation or IDefaultValueOperation:
                return unknown;

            case ILocalReferenceOperation local:
                var values = LocalValues.Of(local.Local, body);
                if (values.Count == 0 && LocalValues.PatternValue(local.Local, body) is { } matched)
                {
                    values = new[] { matched };
                }

                if (values.Count == 0 && body.Loops.FirstOrDefault(loop => loop.Locals.Contains(local.Local, SymbolEqualityComparer.Default)) is { } round)
                {
                    return OfElement(round.Collection, body);
                }

                foreach (var one in values)
                {
                    pending.Enqueue((one, body));
                }

                return values.Count > 0 ? unknown : null;

            case IPropertyReferenceOperation { Property: { IsIndexer: true, DeclaringSyntaxReferences.IsEmpty: true }, Instance: { } collection }:
                return OfElement(collection, body);

            case ICoalesceOperation coalesce:
                pending.Enqueue((coalesce.Value, body));
                pending.Enqueue((coalesce.WhenNull, body));
                return unknown;

            case IConditionalOperation { WhenFalse: { } otherwise } conditional:
                pending.Enqueue((conditional.WhenTrue, body));
                pending.Enqueue((otherwise, body));
                return unknown;

            case IInvocationOperation { TargetMethod: var method } when IsLendable(ResultOf(method.ReturnType))
                && Sessions.Implementations.Resolve(method) is { } implementation
                && Sessions.Bodies.Of(implementation, _cancellationToken) is { } callee:
                var results = callee.Root.Descendants().OfType<IReturnOperation>()
                    .Where(returned => returned.ReturnedValue is not null && SymbolEqualityComparer.Default.Equals(callee.FunctionOf(returned), implementation))
                    .Select(returned => returned.ReturnedValue!)
                    .ToList();

                // A field that a getter hands out is its type's to lend, which says nothing of who may close it.
                if (results.Count == 0 || results.Any(result => Bare(result) is IMemberReferenceOperation))
                {
                    return null;
                }

                foreach (var result in results)
                {
                    pending.Enqueue((result, callee));
                }

                return unknown;

            default:
                return null;
        }
    }

    /// <summary>One of those that a field keeps. Where it is taken out of there, it is this code's from then on.</summary>
    private BorrowedSession? OfElement(IOperation collection, MemberBody body)
    {
        var bare = LocalValues.Unwrap(collection);
        if (bare is IPropertyReferenceOperation { Property.Name: "Values", Instance: { } map })
        {
            bare = LocalValues.Unwrap(map);
        }

        var member = bare switch
        {
            IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => (ISymbol)field.Field,
            IPropertyReferenceOperation { Property: { IsIndexer: false } property, Instance: null or IInstanceReferenceOperation } when !HasBody(property) => property,
            _ => null,
        };
        return member is { ContainingType.DeclaringSyntaxReferences.IsEmpty: false }
            && TypeOf(member) is INamedTypeSymbol { TypeArguments: { IsEmpty: false } kept } && kept.Any(IsKept)
            && Sessions.Members.OwnedBy(member.ContainingType, _cancellationToken).Any(owned => SymbolEqualityComparer.Default.Equals(owned.Member, member.OriginalDefinition))
            && body.ReferencesTo(member).All(reference => reference.Parent switch
            {
                IInvocationOperation { TargetMethod.Name: var name } => !TakesOut(name),
                IPropertyReferenceOperation { Property.IsIndexer: true, Parent: IAssignmentOperation assignment } entry => assignment.Target != entry,
                _ => true,
            })
                ? new BorrowedSession(SessionLender.Field, member)
                : null;
    }

    private static bool TakesOut(string method) =>
        method is "Clear" || new[] { "Remove", "TryRemove", "Take", "TryTake", "Pop", "TryPop", "Dequeue", "TryDequeue", "Exchange" }.Any(name => method.StartsWith(name, StringComparison.Ordinal));

    /// <summary>A field that only ever gets what others lend; else one that its type keeps.</summary>
    private BorrowedSession? OfMember(ISymbol member)
    {
        if (member.ContainingType is not { DeclaringSyntaxReferences.IsEmpty: false } type || !IsKept(TypeOf(member)))
        {
            return null;
        }

        var stores = new List<(IOperation Value, MemberBody Body)>();
        foreach (var body in TypeBodies.ThatName(member, type, Sessions.Bodies, _cancellationToken))
        {
            stores.AddRange(body.ReferencesTo(member)
                .Select(reference => reference.Parent)
                .OfType<IAssignmentOperation>()
                .Where(assignment => assignment.Target is IMemberReferenceOperation target && SymbolEqualityComparer.Default.Equals(target.Member.OriginalDefinition, member.OriginalDefinition))
                .Select(assignment => (assignment.Value, body)));
            if (SymbolEqualityComparer.Default.Equals(body.Member, member)
                && body.Root.DescendantsAndSelf().OfType<ISymbolInitializerOperation>().FirstOrDefault() is { } initializer)
            {
                stores.Add((initializer.Value, body));
            }
        }

        var lenders = stores
            .Select(store => (Value: Bare(store.Value is ICoalesceOperation { WhenNull: IThrowOperation or IConversionOperation { Operand: IThrowOperation } } guarded ? guarded.Value : store.Value), store.Body))
            .Where(store => store.Value is not (ILiteralOperation or IDefaultValueOperation))
            .Select(store => store.Value switch
            {
                IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter } => IsInjected(parameter) ? SessionLender.Container : SessionLender.Field,
                IMemberReferenceOperation => SessionLender.Field,
                var value => LoanOf(value, store.Body)?.Lender ?? SessionLender.Field,
            })
            .Distinct()
            .ToList();
        return new BorrowedSession(lenders.Count == 1 ? lenders[0] : SessionLender.Field, member);
    }

    private BorrowedSession? OfParameter(IParameterSymbol parameter, IOperation reference)
    {
        if (!IsKept(parameter.Type))
        {
            return null;
        }

        if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor })
        {
            // In a body other than the constructor's it is a field in all but name.
            return new BorrowedSession(IsInjected(parameter) ? SessionLender.Container : SessionLender.Field, parameter);
        }

        return IsLendable(parameter.Type) && (ApplicationServices.HasAttribute(parameter) || IsOfHandler(parameter, reference))
            ? new BorrowedSession(SessionLender.Container, parameter)
            : null;
    }

    /// <summary>Actions, minimal-API delegates and middleware get their sessions from the container: there is nowhere else for them to come from.</summary>
    private bool IsOfHandler(IParameterSymbol parameter, IOperation reference)
    {
        var context = _facts.Calls.Of(reference, _cancellationToken);
        if (!context.IsPerCall || context.Strength != Calls.EvidenceStrength.FrameworkEntryPoint || context.Path.Count > 0)
        {
            return false;
        }

        return parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } lambda
            ? lambda.Parameters.Length > 0
            : SymbolEqualityComparer.Default.Equals(context.Member, parameter.ContainingSymbol);
    }

    /// <summary>The container makes objects of this type, and nobody makes one by hand.</summary>
    private bool IsInjected(IParameterSymbol parameter)
    {
        if (ApplicationServices.HasAttribute(parameter))
        {
            return true;
        }

        var type = parameter.ContainingType;
        return IsLendable(parameter.Type)
            && (_facts.Calls.LifetimeOf(type, _cancellationToken).Kind != Calls.InstanceLifetimeKind.Unknown
                || (parameter.Type is INamedTypeSymbol session && _facts.Calls.LifetimeOf(session, _cancellationToken).Kind != Calls.InstanceLifetimeKind.Unknown))
            && !Sessions.Bodies.FilesThatUse(type.Name, _cancellationToken)
                .SelectMany(file => file.UsesOf(type.Name, _cancellationToken))
                .Any(use => use.Parent is ObjectCreationExpressionSyntax { ArgumentList: not null });
    }

    private static bool HasBody(IPropertySymbol property) =>
        !property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static ITypeSymbol TypeOf(ISymbol member) => member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;

    private bool IsLendable(ITypeSymbol? type) => Sessions.Types.IsSession(type) || Sessions.Types.IsSharedSession(type);

    /// <summary>A session, or an object in source that has one and closes it.</summary>
    private bool IsKept(ITypeSymbol? type) =>
        IsLendable(type)
        || (type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } && Sessions.Types.IsDisposable(type) && Sessions.Types.MayCarry(type));

    private static ITypeSymbol? ResultOf(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeArguments.Length: 1, Name: "Task" or "ValueTask" } task ? task.TypeArguments[0] : type;
}
