using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <content>From an operation that has the value to the operation around it.</content>
internal sealed partial class ValueTracer
{
    private void FlowUp(IOperation value, Shape shape)
    {
        var parent = value.Parent;
        switch (parent)
        {
            case IAwaitOperation or IParenthesizedOperation or ICoalesceOperation or ITranslatedQueryOperation:
            case IConversionOperation { OperatorMethod: null }:
                Push(parent, shape);
                break;

            case IConditionalOperation conditional when conditional.Condition != value:
            case ISwitchExpressionArmOperation arm when arm.Value == value:
                Push(parent is ISwitchExpressionArmOperation ? parent.Parent! : parent, shape);
                break;

            case IConditionalAccessOperation access:
                FlowThroughConditionalAccess(access, value, shape);
                break;

            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                Declare(declarator, shape);
                break;

            case ISimpleAssignmentOperation assignment when assignment.Value == value:
                AssignTo(assignment.Target, assignment, shape);
                PushResult(assignment, shape);
                break;

            case ICoalesceAssignmentOperation assignment:
                if (assignment.Value == value)
                {
                    AssignTo(assignment.Target, assignment, shape);
                }

                PushResult(assignment, shape);
                break;

            case IDeconstructionAssignmentOperation deconstruction when deconstruction.Value == value:
                Deconstruct(deconstruction.Target, deconstruction, shape);
                break;

            case ITupleOperation tuple:
                FlowIntoTuple(tuple, value, shape);
                break;

            case IReturnOperation:
                ReturnFrom(parent, shape);
                break;

            case IArgumentOperation argument:
                PassAsArgument(argument, shape);
                break;

            case IInvocationOperation invocation when invocation.Instance == value:
                CallOn(invocation, value, shape);
                break;

            case IPropertyReferenceOperation or IFieldReferenceOperation:
                ReadMember((IMemberReferenceOperation)parent, value, shape);
                break;

            case IArrayElementReferenceOperation element when element.ArrayReference == value:
                if (!IsOverwrite(element))
                {
                    Push(element, Inner(shape, element.Type));
                }

                break;

            case IUsingOperation { Resources: var resources } when resources == value:
                Record(TraceEventKind.Dispose, parent, shape);
                break;

            case IForEachLoopOperation loop when loop.Collection == value:
                // The key of a pair is no session.
                foreach (var local in loop.Locals.Where(static local => local.Type.SpecialType is SpecialType.None or SpecialType.System_Object or SpecialType.System_IDisposable))
                {
                    Alias(local, Inner(shape, local.Type));
                }

                break;

            case IArrayInitializerOperation { Parent: { } array }:
                Push(array, Wrapped(shape));
                break;

            case { Kind: CollectionExpression or Spread }:
                Push(parent, Wrapped(shape));
                break;

            case IFieldInitializerOperation or IPropertyInitializerOperation:
                Record(TraceEventKind.Store, parent, shape, _body.Member);
                break;

            case IIsPatternOperation or ISwitchExpressionOperation or ISwitchOperation:
                DeclarePatternLocals(parent, value, shape);
                break;

            case IIsTypeOperation or IBinaryOperation or IInterpolationOperation or ILockOperation or IConditionalOperation
                or IUnaryOperation or INameOfOperation or ITypeOfOperation:
                Record(TraceEventKind.Use, parent, shape);
                break;

            case IInvalidOperation when OfMisfitCall(parent, value) is { } method:
                Record(TraceEventKind.Use, parent, shape);
                if (_facts.Types.NeedsSession(method.ReturnType))
                {
                    Push(parent, Shape.Dependent);
                }

                break;

            case IExpressionStatementOperation:
                // The value ends here. If nothing else has it, it is dropped.
                break;

            default:
                Record(TraceEventKind.Escape, parent ?? value, shape);
                break;
        }
    }

    /// <summary>
    /// The SDK's method that a call on the session means though its arguments don't fit, as while they are being written or their types are missing. It
    /// only uses the session. A method that isn't the SDK's may do anything with it.
    /// </summary>
    private IMethodSymbol? OfMisfitCall(IOperation call, IOperation receiver) =>
        call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } invocation
        && access.Expression == receiver.Syntax
        && _facts.Types.IsSession(receiver.Type)
        && call.SemanticModel?.GetSymbolInfo(invocation, _cancellationToken).CandidateSymbols.OfType<IMethodSymbol>().FirstOrDefault() is { } method
        && !_facts.Calls.Disposes(method)
        && (_facts.Types.IsSession(method.ContainingType) || KnownCalls.IsSdkOperation(method))
            ? method
            : null;

    private void PushResult(IOperation assignment, Shape shape)
    {
        // In an object initializer the assignment is a step of the creation, which goes on by itself.
        if (assignment.Parent is not (IExpressionStatementOperation or IObjectOrCollectionInitializerOperation or IAnonymousObjectCreationOperation))
        {
            Push(assignment, shape);
        }
    }

    /// <summary>In <c>x?.M()</c> the value goes on as the receiver of <c>M</c>; what comes out of <c>M</c> goes on above.</summary>
    private void FlowThroughConditionalAccess(IConditionalAccessOperation access, IOperation value, Shape shape)
    {
        if (access.Operation != value)
        {
            Push(access, shape);
            return;
        }

        // Its receiver placeholder is the first on the way down that belongs to no inner access.
        var instance = access.WhenNotNull.DescendantsAndSelf()
            .OfType<IConditionalAccessInstanceOperation>()
            .FirstOrDefault(candidate => candidate.Syntax == access.Operation.Syntax);
        if (instance is null)
        {
            Record(TraceEventKind.Escape, access, shape);
            return;
        }

        Push(instance, shape);
    }

    private void DeclarePatternLocals(IOperation parent, IOperation value, Shape shape)
    {
        Record(TraceEventKind.Use, parent, shape);
        foreach (var operation in parent.Descendants())
        {
            var declared = operation switch
            {
                IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
                IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
                _ => null,
            };

            // A pattern inside a recursive one names a part of the value; only parts that may hold the session matter.
            if (declared is ILocalSymbol local && !IsWithin(operation, value)
                && (_facts.Types.MayCarry(local.Type) || _facts.Types.IsDisposable(local.Type) || (shape == Shape.Dependent && IsDependent(local.Type))))
            {
                Alias(local, shape);
            }
        }
    }

    private static bool IsWithin(IOperation operation, IOperation container)
    {
        for (var current = operation; current is not null; current = current.Parent)
        {
            if (current == container)
            {
                return true;
            }
        }

        return false;
    }

    private void ReadMember(IMemberReferenceOperation member, IOperation value, Shape shape)
    {
        if (member.Instance != value)
        {
            // An index or key: looked at.
            Record(TraceEventKind.Use, member, shape);
            return;
        }

        if (member is IPropertyReferenceOperation { Property: { Name: "Result", ContainingType.Name: "Task" or "ValueTask" } })
        {
            Push(member, shape);
            return;
        }

        // lazy.Value, pair.Item1, handle.Client, list[0]: the session again, unless it is being written.
        if (shape == Shape.Container && !IsOverwrite(member) && _facts.Types.MayCarry(member.Type))
        {
            Push(member, Inner(shape, member.Type));
            return;
        }

        // options.Tools, kernel.Plugins, tools[0], and the tools that a handle keeps beside its session.
        if (shape != Shape.Session && !IsOverwrite(member) && IsDependent(member.Type))
        {
            Push(member, Shape.Dependent);
            return;
        }

        Record(TraceEventKind.Use, member, shape);
    }

    private static Shape Wrapped(Shape shape) => shape == Shape.Session ? Shape.Container : shape;

    private Shape Inner(Shape shape, ITypeSymbol? type) => shape == Shape.Container ? ShapeOf(type) : shape;
}
