using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <content>Calls: on the value, and with the value as an argument.</content>
internal sealed partial class ValueTracer
{
    private void CallOn(IInvocationOperation invocation, IOperation value, Shape shape)
    {
        var method = invocation.TargetMethod;
        if (shape == Shape.Dependent && CallsThroughSession(method, value.Type))
        {
            _events.Add(new TraceEvent(TraceEventKind.DependentUse, invocation, null));
        }

        if (_facts.Calls.Disposes(method))
        {
            Record(TraceEventKind.Dispose, invocation, shape);
        }
        else if (_facts.Calls.PassesThrough(method))
        {
            Push(invocation, shape);
        }
        else if (_facts.Calls.ContinuesWith(method))
        {
            ContinueIn(invocation, shape);
        }
        else if (shape == Shape.Container && _facts.Openings.SummaryOf(method, _demand).DisposesOwnSession)
        {
            Record(TraceEventKind.Dispose, invocation, shape);
        }
        else
        {
            UseWith(invocation, shape);
        }
    }

    /// <summary>What a continuation does with the task's session is seen in the lambda or method itself; one that can't be seen may do anything.</summary>
    private void ContinueIn(IInvocationOperation invocation, Shape shape)
    {
        Record(TraceEventKind.Use, invocation, shape);
        HandToLambdas(invocation, shape);
        if (invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.TypeKind == TypeKind.Delegate) is { } continuation
            && LocalValues.Unwrap(continuation.Value) is not IAnonymousFunctionOperation and not IMethodReferenceOperation)
        {
            Record(TraceEventKind.Escape, invocation, shape);
        }
    }

    /// <summary>A call that leaves the value where it is. What comes out of it may still be, hold or need the session.</summary>
    private void UseWith(IInvocationOperation invocation, Shape shape)
    {
        Record(TraceEventKind.Use, invocation, shape);
        var type = invocation.Type;
        switch (shape)
        {
            case Shape.Container:
                if (_facts.Types.MayCarry(type) || _facts.Types.IsSequenceOfBareDisposables(type))
                {
                    Push(invocation, ShapeOf(type));
                }
                else if (_facts.Types.NeedsSession(type))
                {
                    Push(invocation, Shape.Dependent);
                }

                foreach (var argument in invocation.Arguments)
                {
                    if (argument.Parameter is { RefKind: RefKind.Out } parameter && _facts.Types.MayCarry(parameter.Type))
                    {
                        AssignTo(argument.Value, argument, ShapeOf(parameter.Type));
                    }
                }

                HandToLambdas(invocation, shape);
                break;

            case Shape.Dependent when _facts.Calls.Projects(invocation.TargetMethod) && HandToLambdas(invocation, shape):
                // Tools in, whatever the lambda makes of them out: copies of their names and schemas are AITools by type and need nobody.
                break;

            case Shape.Session or Shape.Dependent when _facts.Types.NeedsSession(type) || _facts.Types.IsSession(ResultOf(type)):
                Push(invocation, Shape.Dependent);
                break;

            case Shape.Dependent:
                if (IsDependent(type))
                {
                    Push(invocation, shape);
                }

                HandToLambdas(invocation, shape);
                break;
        }
    }

    /// <summary>A tool, agent or kernel that is asked to do something; a sequence of them, or what they say of themselves, calls nobody.</summary>
    private bool CallsThroughSession(IMethodSymbol method, ITypeSymbol? receiver) =>
        receiver is not null and not IArrayTypeSymbol
        && (receiver.TypeKind == TypeKind.Delegate || IsDependent(receiver))
        && !receiver.AllInterfaces.Any(type => type.SpecialType == SpecialType.System_Collections_IEnumerable)
        && !_facts.Calls.PassesThrough(method)
        && !IsDependent(method.ReturnType)
        && method.Name is not ("ToString" or "Equals" or "GetHashCode" or "GetType" or "GetService");

    private void PassAsArgument(IArgumentOperation argument, Shape shape)
    {
        switch (argument.Parent)
        {
            case IInvocationOperation invocation:
                PassToMethod(invocation, argument, shape);
                break;
            case IObjectCreationOperation creation:
                PassToConstructor(creation, argument, shape);
                break;
            case IPropertyReferenceOperation key:
                Record(TraceEventKind.Use, key, shape);
                break;
            default:
                Record(TraceEventKind.Escape, argument, shape);
                break;
        }
    }

    private void PassToMethod(IInvocationOperation invocation, IArgumentOperation argument, Shape shape)
    {
        var method = invocation.TargetMethod;
        if (_facts.Calls.PassesThrough(method))
        {
            Push(invocation, shape);
        }
        else if (_facts.Calls.DisposesArgument(method))
        {
            Record(TraceEventKind.Dispose, invocation, shape);
        }
        else if (_facts.Calls.Combines(method))
        {
            if (method.Name == "WhenAll")
            {
                Record(TraceEventKind.AwaitTogether, invocation, shape);
            }

            Push(invocation, method.Name == "FromResult" ? shape : Wrapped(shape));
        }
        else if (_facts.Calls.Waits(method) || _facts.Calls.OnlyLooks(method))
        {
            Record(TraceEventKind.Use, invocation, shape);
        }
        else if (_facts.Calls.IsInterlocked(method))
        {
            PassToInterlocked(invocation, argument, shape);
        }
        else if (KnownCalls.IsSdkOperation(method))
        {
            UseWith(invocation, shape);
        }
        else if (_facts.Calls.IsLinq(method))
        {
            // Sequences are lazy and made anew: the result holds what the source held.
            UseWith(invocation, Wrapped(shape));
        }
        else if (KnownCalls.AddsToReceiver(method))
        {
            AddToReceiver(invocation, argument, shape);
        }
        else if (argument.Parameter is { } parameter && _facts.Openings.HasSource(method))
        {
            ApplyFate(invocation, parameter, shape);
        }
        else if (shape == Shape.Dependent)
        {
            PassDependent(invocation, argument);
        }
        else
        {
            Record(TraceEventKind.Escape, invocation, shape);
        }
    }

    /// <summary>Tools are given to a method without source: to be put into a kernel, made into an agent, or used.</summary>
    private void PassDependent(IInvocationOperation invocation, IArgumentOperation argument)
    {
        if (invocation.TargetMethod.MethodKind == MethodKind.Constructor)
        {
            // : base(tool), of a wrapper that somebody else wrote: it is for calling what it is given.
            Record(TraceEventKind.Store, invocation, Shape.Dependent, argument.Parameter);
            return;
        }

        var receiver = invocation.Instance
            ?? (invocation.TargetMethod.IsExtensionMethod ? invocation.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == 0 && a != argument)?.Value : null);
        if (receiver is not null && (KnownCalls.IsCacheWrite(invocation.TargetMethod) || (KnownCalls.IsAddition(invocation.TargetMethod) && IsDependent(LocalValues.Unwrap(receiver).Type))))
        {
            StoreIntoObject(receiver, invocation, Shape.Dependent);
        }

        if (IsDependent(invocation.Type))
        {
            Push(invocation, Shape.Dependent);
        }
        else if (!KnownCalls.IsInNamespace(invocation.TargetMethod.ContainingType, "System"))
        {
            _events.Add(new TraceEvent(TraceEventKind.DependentUse, invocation, null));
        }
    }

    private void PassToInterlocked(IInvocationOperation invocation, IArgumentOperation argument, Shape shape)
    {
        if (argument.Parameter?.Ordinal == 0)
        {
            // What the place held comes out.
            Push(invocation, shape);
        }
        else if (argument.Parameter?.Name is "comparand")
        {
            Record(TraceEventKind.Use, invocation, shape);
        }
        else if (invocation.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == 0) is { } place)
        {
            AssignTo(place.Value, invocation, shape);
        }
    }

    private void AddToReceiver(IInvocationOperation invocation, IArgumentOperation argument, Shape shape)
    {
        var receiver = invocation.Instance
            ?? invocation.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == 0 && a != argument)?.Value;
        if (receiver is null)
        {
            Record(TraceEventKind.Escape, invocation, shape);
            return;
        }

        StoreIntoObject(receiver, invocation, shape);
        if (_facts.Types.MayCarry(invocation.Type))
        {
            Push(invocation, ShapeOf(invocation.Type));
        }
    }

    private void PassToConstructor(IObjectCreationOperation creation, IArgumentOperation argument, Shape shape)
    {
        if (creation.Constructor is not { } constructor || argument.Parameter is not { } parameter)
        {
            Record(TraceEventKind.Escape, creation, shape);
            return;
        }

        if (_facts.Openings.HasSource(constructor))
        {
            ApplyFate(creation, parameter, shape);
        }
        else if (shape == Shape.Dependent || (KnownCalls.IsInNamespace(constructor.ContainingType, "System") && _facts.Types.MayCarry(creation.Type)))
        {
            // new List<McpClient>(clients), new ValueTask<McpClient>(client), new Tuple<…>(…)
            Push(creation, shape == Shape.Dependent ? shape : ShapeOf(creation.Type));
        }
        else
        {
            Record(TraceEventKind.Escape, creation, shape);
        }
    }

    /// <summary>Applies what the called source does with the argument.</summary>
    private void ApplyFate(IOperation call, IParameterSymbol parameter, Shape shape)
    {
        var fate = _facts.Openings.FateOf(parameter, _demand);
        if (fate.HasFlag(ParameterFate.Disposes))
        {
            Record(TraceEventKind.Dispose, call, shape);
        }

        if (fate.HasFlag(ParameterFate.Returns))
        {
            Push(call, shape == Shape.Dependent ? shape : ShapeOf(call.Type));
        }

        ApplyDependentFate(call, parameter, fate);

        if (fate.HasFlag(ParameterFate.Keeps))
        {
            if (call is IObjectCreationOperation)
            {
                Record(TraceEventKind.Wrap, call, shape, parameter);
                Push(call, Wrapped(shape));
            }
            else if (shape == Shape.Dependent)
            {
                KeepDependent(call, parameter);
            }
            else
            {
                Record(TraceEventKind.Store, call, shape, parameter);
            }
        }

        if (fate.HasFlag(ParameterFate.Escapes))
        {
            Record(TraceEventKind.Escape, call, shape);
        }

        if ((fate & ~ParameterFate.OfDependents) == ParameterFate.None)
        {
            Record(TraceEventKind.Use, call, shape);
        }
    }

    /// <summary>What becomes of the tools that the called source lists from the session, or is given.</summary>
    private void ApplyDependentFate(IOperation call, IParameterSymbol parameter, ParameterFate fate)
    {
        if (fate.HasFlag(ParameterFate.ReturnsDependent))
        {
            Push(call, Shape.Dependent);
        }

        if (fate.HasFlag(ParameterFate.KeepsDependent))
        {
            KeepDependent(call, parameter);
        }

        if (fate.HasFlag(ParameterFate.UsesDependent))
        {
            _events.Add(new TraceEvent(TraceEventKind.DependentUse, call, null));
        }
    }

    private void KeepDependent(IOperation call, IParameterSymbol parameter)
    {
        switch (call)
        {
            case IObjectCreationOperation:
                Push(call, Shape.Dependent);
                break;
            case IInvocationOperation { Instance: { } instance and not IInstanceReferenceOperation }:
                StoreIntoObject(instance, call, Shape.Dependent);
                break;
            default:
                Record(TraceEventKind.Store, call, Shape.Dependent, parameter);
                break;
        }
    }

    private static ITypeSymbol? ResultOf(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeArguments.Length: 1, Name: "Task" or "ValueTask" } task ? task.TypeArguments[0] : type;
}
