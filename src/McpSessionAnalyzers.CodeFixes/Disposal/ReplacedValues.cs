using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>What a field is given in place of the session that it holds, and who still looks at that.</summary>
internal sealed class ReplacedValues
{
    private readonly SessionFacts _facts;
    private readonly SemanticModel _model;
    private readonly MemberBody _body;
    private readonly CancellationToken _cancellationToken;

    public ReplacedValues(SessionFacts facts, SemanticModel model, MemberBody body, CancellationToken cancellationToken)
    {
        _facts = facts;
        _model = model;
        _body = body;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The value can't be the session that is in the field already: it has just been opened, or there is none.</summary>
    public bool IsNewOrNull(ExpressionSyntax write, ExpressionSyntax target)
    {
        var value = write switch
        {
            AssignmentExpressionSyntax { Left: TupleExpressionSyntax left, Right: TupleExpressionSyntax right } when left.Arguments.Count == right.Arguments.Count =>
                right.Arguments[left.Arguments.ToList().FindIndex(argument => argument.Expression == target)].Expression,
            AssignmentExpressionSyntax { Left: TupleExpressionSyntax } => null,
            AssignmentExpressionSyntax assignment => assignment.Right,
            InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } arguments } => arguments[1].Expression,
            _ => null,
        };
        return value is not null && _model.GetOperation(value, _cancellationToken) is { } operation && IsNew(operation);
    }

    /// <summary>The new value is made from the old one, or a local has that too and is read when the field has the new one.</summary>
    public bool IsUsedAfter(ExpressionSyntax target, ExpressionSyntax write) =>
        _model.GetSymbolInfo(target, _cancellationToken).Symbol is { } member
        && (_body.ReferencesTo(member).Any(reference => write.Span.Contains(reference.Syntax.Span) && !target.Span.Contains(reference.Syntax.Span))
        || _body.ReferencesTo(member).Select(Local).Any(local => local is not null && _body.ReferencesTo(local).Any(reference => reference.Syntax.SpanStart > write.Span.End)));

    private static ILocalSymbol? Local(IOperation reference)
    {
        var value = reference;
        while (value.Parent is IConversionOperation)
        {
            value = value.Parent;
        }

        return value.Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } ? declarator.Symbol : null;
    }

    private bool IsNew(IOperation one)
    {
        var bare = OwnWaits.Bare(one, _facts.Calls);
        return bare.ConstantValue is { HasValue: true, Value: null }
            || bare switch
            {
                IDefaultValueOperation or IObjectCreationOperation => true,
                IInvocationOperation or IPropertyReferenceOperation => _facts.Openings.Find(bare, _cancellationToken) is not null,
                ISimpleAssignmentOperation assignment => IsNew(assignment.Value),
                IConditionalOperation { WhenFalse: { } otherwise } choice => IsNew(choice.WhenTrue) && IsNew(otherwise),
                ISwitchExpressionOperation choice => choice.Arms.All(arm => IsNew(arm.Value)),
                ILocalReferenceOperation local => LocalValues.Of(local.Local, _body) is { Count: > 0 } values && values.All(given => given is not ILocalReferenceOperation && IsNew(given)),
                _ => false,
            };
    }
}
