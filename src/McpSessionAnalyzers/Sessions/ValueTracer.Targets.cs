using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <content>Where an assigned value goes.</content>
internal sealed partial class ValueTracer
{
    private void Declare(IVariableDeclaratorOperation declarator, Shape shape)
    {
        if (declarator.Symbol.IsRef)
        {
            Record(TraceEventKind.Escape, declarator, shape);
            return;
        }

        if (IsUsingResource(declarator))
        {
            Record(TraceEventKind.Dispose, declarator, shape);
        }

        Alias(declarator.Symbol, shape);
    }

    private static bool IsUsingResource(IOperation operation)
    {
        for (var current = operation.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IVariableDeclarationOperation or IVariableDeclarationGroupOperation:
                    continue;
                case IUsingDeclarationOperation:
                    return true;
                case IUsingOperation statement:
                    return IsWithin(operation, statement.Resources);
                default:
                    return false;
            }
        }

        return false;
    }

    private void AssignTo(IOperation target, IOperation assignment, Shape shape)
    {
        switch (target)
        {
            case IDiscardOperation:
                break;
            case IConversionOperation conversion:
                AssignTo(conversion.Operand, assignment, shape);
                break;
            case IDeclarationExpressionOperation declaration:
                AssignTo(declaration.Expression, assignment, shape);
                break;
            case ILocalReferenceOperation { Local.IsRef: false } local:
                if (shape == Shape.Dependent)
                {
                    Record(TraceEventKind.Collect, assignment, shape, local.Local);
                }

                Alias(local.Local, shape);
                break;
            case IParameterReferenceOperation { Parameter.RefKind: RefKind.None } parameter when IsOfThisFunction(parameter.Parameter):
                Alias(parameter.Parameter, shape);
                break;
            case IParameterReferenceOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } parameter:
                Record(TraceEventKind.Return, assignment, shape, parameter.Parameter);
                break;
            case IParameterReferenceOperation parameter:
                // A primary-constructor parameter is a field in all but name.
                Record(TraceEventKind.Store, assignment, shape, parameter.Parameter);
                break;
            case IFieldReferenceOperation or IPropertyReferenceOperation:
                StoreInto((IMemberReferenceOperation)target, assignment, shape);
                break;
            case IArrayElementReferenceOperation element:
                StoreIntoObject(element.ArrayReference, assignment, shape);
                break;
            case ITupleOperation:
                Deconstruct(target, assignment, shape);
                break;
            default:
                Record(TraceEventKind.Escape, assignment, shape);
                break;
        }
    }

    private void StoreInto(IMemberReferenceOperation target, IOperation assignment, Shape shape)
    {
        switch (target.Instance)
        {
            // An indexer of the type itself is code of its own.
            case null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                Record(TraceEventKind.Store, assignment, shape, target.Member);
                break;
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } receiver:
                PushCreationAround(receiver, assignment, shape);
                break;
            case { } instance:
                StoreIntoObject(instance, assignment, shape);
                break;
        }
    }

    /// <summary>The value becomes part of the object that <paramref name="instance"/> evaluates to, and lives where that lives.</summary>
    private void StoreIntoObject(IOperation instance, IOperation operation, Shape shape)
    {
        switch (instance)
        {
            case IConversionOperation conversion:
                StoreIntoObject(conversion.Operand, operation, shape);
                break;
            // Tools take nothing over, whoever made the object that they are put into.
            case ILocalReferenceOperation local when shape == Shape.Dependent || HoldsOwnObject(local.Local):
                Record(TraceEventKind.Collect, operation, shape, local.Local);
                if (_body.Declarators(local.Local).FirstOrDefault(IsUsingResource) is { } resource)
                {
                    Record(TraceEventKind.Dispose, resource, shape);
                }

                Alias(local.Local, Wrapped(shape));
                break;
            case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field:
                Record(TraceEventKind.Store, operation, shape, field.Field);
                break;
            case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property:
                Record(TraceEventKind.Store, operation, shape, property.Property);
                break;
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } receiver:
                PushCreationAround(receiver, operation, shape);
                break;
            // A primary constructor's parameter is a field in all but name.
            case IParameterReferenceOperation parameter when shape == Shape.Dependent && !IsOfThisFunction(parameter.Parameter):
                Record(TraceEventKind.Store, operation, shape, parameter.Parameter);
                break;
            // Into an object of the caller's: whether that is too long is for the scope that closes the session to say.
            case IParameterReferenceOperation parameter when shape == Shape.Dependent:
                Record(TraceEventKind.Escape, operation, shape, parameter.Parameter);
                break;
            // kernel.Plugins, options.Tools: a part of the object.
            case IPropertyReferenceOperation { Instance: { } whole } when shape == Shape.Dependent:
                StoreIntoObject(whole, operation, shape);
                break;

            // set._clients.Add(client), where this member has made the set.
            case IMemberReferenceOperation { Instance: ILocalReferenceOperation { Local: var made } owner } when HoldsOwnObject(made):
                StoreIntoObject(owner, operation, Wrapped(shape));
                break;
            default:
                Record(TraceEventKind.Escape, operation, shape);
                break;
        }
    }

    /// <summary>
    /// A local that is only ever given objects made in this member: what is put into one of them goes with the local.
    /// Any other local may name an object of somebody else, who then has the session.
    /// </summary>
    private bool HoldsOwnObject(ILocalSymbol local)
    {
        var values = LocalValues.Of(local, _body);
        return values.Count > 0 && values.All(value => value is IObjectCreationOperation or IArrayCreationOperation
            or IAnonymousObjectCreationOperation or ITypeParameterObjectCreationOperation or ITupleOperation
            || value.Kind == CollectionExpression);
    }

    /// <summary><c>new Holder { Client = value }</c>, <c>new List&lt;…&gt; { value }</c>: the created object holds it.</summary>
    private void PushCreationAround(IOperation receiver, IOperation operation, Shape shape)
    {
        for (var current = receiver.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IObjectCreationOperation or IAnonymousObjectCreationOperation or ITypeParameterObjectCreationOperation or IWithOperation:
                    Push(current, Wrapped(shape));
                    return;
                case IMemberInitializerOperation:
                    // Items = { value }: a part of a part, still within the creation around it.
                    continue;
            }
        }

        Record(TraceEventKind.Escape, operation, shape);
    }

    private void FlowIntoTuple(ITupleOperation tuple, IOperation value, Shape shape)
    {
        if (tuple.Parent is IDeconstructionAssignmentOperation { Target: ITupleOperation targets } deconstruction
            && deconstruction.Value == tuple
            && tuple.Elements.IndexOf(value) is var index && index < targets.Elements.Length)
        {
            AssignTo(targets.Elements[index], deconstruction, shape);
            return;
        }

        if (!IsDeconstructionTarget(tuple))
        {
            Push(tuple, Wrapped(shape));
        }
    }

    /// <summary>A held session is taken apart: every part whose type may be it, has it.</summary>
    private void Deconstruct(IOperation target, IOperation deconstruction, Shape shape)
    {
        switch (target)
        {
            case IDeclarationExpressionOperation declaration:
                Deconstruct(declaration.Expression, deconstruction, shape);
                break;
            case ITupleOperation tuple:
                foreach (var element in tuple.Elements)
                {
                    Deconstruct(element, deconstruction, shape);
                }

                break;
            case { } when _facts.Types.MayCarry(target.Type):
                AssignTo(target, deconstruction, Inner(shape, target.Type));
                break;
            case { } when IsDependent(target.Type):
                AssignTo(target, deconstruction, Shape.Dependent);
                break;
        }
    }

    private bool IsOfThisFunction(IParameterSymbol parameter) =>
        !SymbolEqualityComparer.Default.Equals(_body.Member, parameter.ContainingSymbol)
            ? parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction }
            : true;
}
