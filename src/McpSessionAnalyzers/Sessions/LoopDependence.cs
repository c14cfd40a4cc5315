using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does this expression have another value in each round of the loop?": it names what the loop iterates, or something that a round
/// computes from it or takes from a queue, a reader, a user. One session per configured server is no mistake.
/// </summary>
internal sealed class LoopDependence
{
    // What each call of which gives the next one, whatever it is called on.
    private static readonly HashSet<string> TakingVerbs = new()
    {
        "dequeue", "pop", "take", "read", "receive", "next", "prompt", "ask", "pick", "choose", "peek", "advance", "rotate", "acquire", "rent",
    };

    private readonly IOperation _loop;
    private readonly MemberBody _body;
    private readonly HashSet<ISymbol> _iterated = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);
    private readonly Stack<IOperation> _pending = new();

    /// <param name="loop">A loop statement, or a call with a lambda per element.</param>
    /// <param name="place">Code within it.</param>
    /// <param name="body">The member that contains both.</param>
    public LoopDependence(IOperation loop, IOperation place, MemberBody body)
    {
        _loop = loop;
        _body = body;
        if (loop is ILoopOperation statement)
        {
            _iterated.UnionWith(statement.Locals);
        }
        else if (LambdaOf(loop, place) is { } lambda)
        {
            _iterated.UnionWith(lambda.Symbol.Parameters.Where(static parameter => parameter.Type.Name != nameof(CancellationToken)));
        }
    }

    /// <summary>Whether one of <paramref name="expressions"/> differs from round to round.</summary>
    public bool Of(IEnumerable<IOperation> expressions)
    {
        foreach (var expression in expressions)
        {
            _pending.Push(expression);
        }

        while (_pending.Count > 0)
        {
            if (_pending.Pop().DescendantsAndSelf().Any(Varies))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether what stands at <paramref name="place"/> runs only for some of what is iterated, told by name or kind: it is about that one.</summary>
    public bool IsChosenFor(IOperation place)
    {
        for (var current = place; current != _loop && current.Parent is { } parent; current = parent)
        {
            IOperation? chosen = parent switch
            {
                ISwitchCaseOperation { Parent: ISwitchOperation choice } => choice.Value,
                ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice } => choice.Value,
                IConditionalOperation conditional when conditional.Condition != current && IsComparison(conditional.Condition) => conditional.Condition,
                _ => null,
            };
            if (chosen is not null && Of(new[] { chosen }))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The lambda of a call that runs it per element, as far as <paramref name="place"/> stands in one.</summary>
    public static IAnonymousFunctionOperation? LambdaOf(IOperation call, IOperation place)
    {
        IAnonymousFunctionOperation? outermost = null;
        for (IOperation? current = place; current is not null && current != call; current = current.Parent)
        {
            outermost = current as IAnonymousFunctionOperation ?? outermost;
        }

        return outermost;
    }

    private static bool IsComparison(IOperation condition) => LocalValues.Unwrap(condition) switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } comparison =>
            IsName(comparison.LeftOperand) || IsName(comparison.RightOperand),
        IIsPatternOperation { Pattern: IConstantPatternOperation { Value: var value } } => IsName(value),
        IInvocationOperation { TargetMethod: { Name: "Equals", ContainingType.SpecialType: SpecialType.System_String } } => true,
        _ => false,
    };

    private static bool IsName(IOperation value) =>
        value is IFieldReferenceOperation { Type.TypeKind: TypeKind.Enum } || LocalValues.Unwrap(value) is { ConstantValue: { HasValue: true, Value: string }, Type: not null };

    private bool Varies(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation local:
                return _iterated.Contains(local.Local) || (_visited.Add(local.Local) && LocalVaries(local.Local));

            case IParameterReferenceOperation parameter:
                return _iterated.Contains(parameter.Parameter) || (_visited.Add(parameter.Parameter) && IsWritten(parameter.Parameter));

            case IFieldReferenceOperation field:
                return _visited.Add(field.Field) && IsWritten(field.Field);

            case IPropertyReferenceOperation { Property.Name: "Current" } current:
                return current.Property.ContainingType.Name.Contains("Enumerator");

            case IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } property:
                return _visited.Add(property.Property) && IsWritten(property.Property);

            case IInvocationOperation invocation:
                VisitFunction(invocation);
                return Words.Of(invocation.TargetMethod.Name) is { Length: > 0 } words
                    && TakingVerbs.Contains(words[0] == "try" && words.Length > 1 ? words[1] : words[0]);

            default:
                return false;
        }
    }

    private bool LocalVaries(ILocalSymbol local)
    {
        // What a pattern or a deconstruction in the loop declares has a value that can't be followed.
        var values = LocalValues.Of(local, _body);
        if (values.Count == 0 && !_body.Declarators(local).Any() && local.Locations.Any(location => _loop.Syntax.Span.Contains(location.SourceSpan)))
        {
            var outer = _body.Loops.FirstOrDefault(loop => loop.Locals.Contains(local, SymbolEqualityComparer.Default));
            if (outer is null)
            {
                return true;
            }

            _pending.Push(outer.Collection);
            return false;
        }

        if (IsWritten(local) || values.Count(value => _loop.Syntax.Span.Contains(value.Syntax.Span)) > 1)
        {
            return true;
        }

        foreach (var value in values)
        {
            _pending.Push(LocalValues.DecidedBy(value));
        }

        foreach (var loop in _body.Loops)
        {
            if (loop != _loop && loop.Locals.Contains(local, SymbolEqualityComparer.Default))
            {
                _pending.Push(loop.Collection);
            }
        }

        return false;
    }

    /// <summary>A round gives it another value (<c>index++</c>), or writes what is iterated into the object that it holds.</summary>
    private bool IsWritten(ISymbol symbol)
    {
        foreach (var reference in _body.ReferencesTo(symbol).Where(reference => _loop.Syntax.Span.Contains(reference.Syntax.Span)))
        {
            var current = reference;
            while (current.Parent is IMemberReferenceOperation member && member.Instance == current)
            {
                current = member;
            }

            switch (current.Parent)
            {
                case IIncrementOrDecrementOperation or ICompoundAssignmentOperation { Target: not null } when current == reference:
                    return true;
                case IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } when symbol is not ILocalSymbol:
                    return true;
                case IAssignmentOperation assignment when assignment.Target == current:
                    _pending.Push(assignment.Value);
                    break;
                case IInvocationOperation { Parent: IExpressionStatementOperation } invocation when invocation.Instance == current:
                    foreach (var argument in invocation.Arguments)
                    {
                        _pending.Push(argument.Value);
                    }

                    break;
            }
        }

        return false;
    }

    /// <summary>A local function, or the lambda in a local, sees what is iterated without being given it.</summary>
    private void VisitFunction(IInvocationOperation invocation)
    {
        if (invocation.TargetMethod.MethodKind == MethodKind.LocalFunction && _visited.Add(invocation.TargetMethod.OriginalDefinition)
            && _body.Functions.OfType<ILocalFunctionOperation>().FirstOrDefault(function => SymbolEqualityComparer.Default.Equals(function.Symbol, invocation.TargetMethod.OriginalDefinition)) is { } local)
        {
            _pending.Push(local);
        }
    }
}
