using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>What a condition says of a field: whether it is empty when the condition is true, or false.</summary>
internal sealed class FieldConditions
{
    private const int MaxDepth = 32;

    private readonly SessionPlace _field;
    private readonly SessionFacts _facts;
    private readonly CancellationToken _cancellationToken;

    public FieldConditions(SessionPlace field, SessionFacts facts, CancellationToken cancellationToken)
    {
        _field = field;
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The body that gives the field another value: what it sets together with the field says what is in there, also to its callers.</summary>
    public MemberBody? Writer { get; set; }

    public bool IsField(IOperation operation) => _field.Is(operation);

    public (bool True, bool False) EmptyWhen(IOperation condition, MemberBody body, int depth)
    {
        if (depth > MaxDepth)
        {
            return (true, true);
        }

        switch (LocalValues.Unwrap(condition))
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } negation:
                var (operandTrue, operandFalse) = EmptyWhen(negation.Operand, body, depth + 1);
                return (operandFalse, operandTrue);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both:
                var (leftTrue, leftFalse) = EmptyWhen(both.LeftOperand, body, depth + 1);
                var (rightTrue, rightFalse) = EmptyWhen(both.RightOperand, body, depth + 1);
                return (leftTrue || rightTrue, leftFalse && rightFalse);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either:
                (leftTrue, leftFalse) = EmptyWhen(either.LeftOperand, body, depth + 1);
                (rightTrue, rightFalse) = EmptyWhen(either.RightOperand, body, depth + 1);
                return (leftTrue && rightTrue, leftFalse || rightFalse);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison:
                if ((IsField(comparison.LeftOperand) && IsNull(comparison.RightOperand)) || (IsNull(comparison.LeftOperand) && IsField(comparison.RightOperand)))
                {
                    return comparison.OperatorKind == BinaryOperatorKind.Equals ? (true, false) : (false, true);
                }

                // What is set together with the field is empty as long as that is.
                if ((IsSetBeside(comparison.LeftOperand, body) && IsNull(comparison.RightOperand)) || (IsNull(comparison.LeftOperand) && IsSetBeside(comparison.RightOperand, body)))
                {
                    return comparison.OperatorKind == BinaryOperatorKind.Equals ? (true, false) : (false, true);
                }

                // A state that this very member sets is a check of its own kind.
                return IsStateOf(comparison.LeftOperand, body) || IsStateOf(comparison.RightOperand, body) ? (true, true) : (false, false);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThan or BinaryOperatorKind.LessThan or BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.LessThanOrEqual } comparison:
                return IsStateOf(comparison.LeftOperand, body) || IsStateOf(comparison.RightOperand, body) ? (true, true) : (false, false);

            case IIsPatternOperation pattern when IsField(pattern.Value):
                return EmptyWhen(pattern.Pattern);

            case IIsPatternOperation pattern when IsSetBeside(pattern.Value, body):
                return EmptyWhen(pattern.Pattern) is (true, _) and var empty ? empty : (false, true);

            case IIsPatternOperation pattern:
                return IsStateOf(pattern.Value, body) ? (true, true) : (false, false);

            case IIsTypeOperation test when IsField(test.ValueOperand):
                return (false, true);

            // A task that failed holds no session.
            case IPropertyReferenceOperation { Instance: { } task, Property: var property } when IsField(task) && IsFailure(property):
                return (true, false);

            case IMemberReferenceOperation member when IsFlag(member, body):
                return (false, true);

            // if (IsConnected())
            case IInvocationOperation { Type.SpecialType: SpecialType.System_Boolean, Instance: null or IInstanceReferenceOperation, TargetMethod: var method }
                when _facts.Bodies.Of(method.OriginalDefinition, _cancellationToken) is { } code && code.ReferencesTo(_field.Member).Any():
                return (false, true);

            case IParameterReferenceOperation { Parameter: var parameter } when OncePerObject.IsFirst(parameter):
                return (true, false);

            default:
                return (false, false);
        }
    }

    /// <summary>Whether a section or arm of a choice by the field, or by a state that this very member sets, is one for an empty field.</summary>
    public bool IsEmptyIn(IOperation value, IOperation label, MemberBody body)
    {
        var pattern = label switch
        {
            IPatternCaseClauseOperation clause => clause.Pattern,
            ISwitchExpressionArmOperation arm => arm.Pattern,
            _ => null,
        };
        return IsStateOf(value, body)
            || (IsField(value) && (pattern is not null ? EmptyWhen(pattern).True : label is ISingleValueCaseClauseOperation single && IsNull(single.Value)));
    }

    private static (bool True, bool False) EmptyWhen(IPatternOperation pattern) => pattern switch
    {
        INegatedPatternOperation negated => EmptyWhen(negated.Pattern) is var (whenTrue, whenFalse) ? (whenFalse, whenTrue) : default,
        IConstantPatternOperation constant when IsNull(constant.Value) => (true, false),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either =>
            (EmptyWhen(either.LeftPattern).True && EmptyWhen(either.RightPattern).True, EmptyWhen(either.LeftPattern).False || EmptyWhen(either.RightPattern).False),
        IRecursivePatternOperation { PropertySubpatterns: { Length: 1 } parts }
            when parts[0] is { Member: IPropertyReferenceOperation { Property: var property }, Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: true } } }
            && IsFailure(property) => (true, false),
        IDeclarationPatternOperation or ITypePatternOperation or IRecursivePatternOperation { PropertySubpatterns.IsEmpty: true, DeconstructionSubpatterns.IsEmpty: true } => (false, true),
        _ => (false, false),
    };

    /// <summary><c>IsConnected</c>, whose getter looks at the field; <c>_connected</c>, which this member sets together with it.</summary>
    private bool IsFlag(IMemberReferenceOperation member, MemberBody body) =>
        member is { Type.SpecialType: SpecialType.System_Boolean } && IsBesideField(member)
        && (IsStateOf(member, body)
            || (member.Member is IPropertySymbol { GetMethod: { } getter }
                && _facts.Bodies.Of(getter, _cancellationToken) is { } code
                && code.ReferencesTo(_field.Member).Any()));

    private bool IsBesideField(IMemberReferenceOperation member) => member.Instance is null or IInstanceReferenceOperation || _field.IsOwner(member.Instance);

    private bool IsStateOf(IOperation operation, MemberBody body) => LocalValues.Unwrap(operation) switch
    {
        // Interlocked.Exchange(ref _started, 1)
        IInvocationOperation { TargetMethod: { Name: "Exchange" or "CompareExchange", ContainingType.Name: "Interlocked" }, Type.IsReferenceType: false } => true,

        // _tools.Count, which this very member fills
        IPropertyReferenceOperation { Property.Name: "Count" or "Length", Instance: IMemberReferenceOperation collection } when IsBesideField(collection) => IsFilledIn(collection.Member, body),

        IMemberReferenceOperation { Type: { TypeKind: TypeKind.Enum } or { SpecialType: SpecialType.System_Boolean } } member when IsBesideField(member) => IsAssignedIn(member.Member, body),
        _ => false,
    };

    /// <summary>Another member of the object that only gets a value where the field does: <c>if (_agent is null) { _mcp = await …; _agent = new(…); }</c></summary>
    private bool IsSetBeside(IOperation operation, MemberBody body) =>
        LocalValues.Unwrap(operation) is IMemberReferenceOperation { Type.IsReferenceType: true } member && IsBesideField(member) && !_field.Is(member)
        && IsAssignedIn(member.Member, body) && !IsDroppedAlone(member.Member);

    /// <summary><c>void Refresh() => _tools = null;</c>: it is gone then, and the session is still there. Who calls a method of the type may see to that.</summary>
    private bool IsDroppedAlone(ISymbol member) =>
        TypeBodies.ThatName(member, member.ContainingType, _facts.Bodies, _cancellationToken).Any(body =>
            body.Member is not IMethodSymbol { MethodKind: MethodKind.Constructor }
            && body.ReferencesTo(member).Any(reference => reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference && IsNull(assignment.Value))
            && !body.ReferencesTo(_field.Member).Any()
            && !body.Calls.OfType<IInvocationOperation>().Any(call => !call.TargetMethod.DeclaringSyntaxReferences.IsEmpty));

    private bool IsAssignedIn(ISymbol member, MemberBody body) => BodiesBeside(body).Any(one => one.ReferencesTo(member).Any(reference =>
        reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference && !IsNull(assignment.Value)));

    private bool IsFilledIn(ISymbol member, MemberBody body) => IsAssignedIn(member, body) || BodiesBeside(body).Any(one => one.ReferencesTo(member).Any(reference =>
        reference.Parent is IInvocationOperation call && call.Instance == reference && KnownCalls.AddsToReceiver(call.TargetMethod)));

    private IEnumerable<MemberBody> BodiesBeside(MemberBody body) => Writer is null || Writer == body ? new[] { body } : new[] { body, Writer };

    private static bool IsFailure(IPropertySymbol property) => property is { Name: "IsFaulted" or "IsCanceled", ContainingType.Name: "Task" or "ValueTask" };

    private static bool IsNull(IOperation operation) => LocalValues.Unwrap(operation).ConstantValue is { HasValue: true, Value: null };
}
