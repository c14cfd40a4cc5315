using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Which operations are taken to throw while a session is live: awaits, blocking waits and calls on the session. In theory everything throws; who is
/// told so of every property read and log line stops listening.
/// </summary>
internal sealed class ThrowingOperations
{
    private readonly TracedOpening _traced;
    private readonly SessionFacts _facts;
    private readonly HashSet<SyntaxNode> _callsOnSession;

    public ThrowingOperations(TracedOpening traced, SessionFacts facts)
    {
        _traced = traced;
        _facts = facts;
        _callsOnSession = new(traced.Trace.Of(TraceEventKind.Use)
            .Where(use => use.Operation is IInvocationOperation invocation && IsCallOnSession(invocation))
            .Select(use => use.Operation.Syntax));
    }

    /// <summary>Whether <paramref name="operation"/> may throw; <paramref name="isSecond"/>: a session of an earlier round is still open.</summary>
    public bool Contains(IOperation operation, bool isSecond) => operation switch
    {
        IAwaitOperation awaited => !Succeeds(awaited.Operation) && (isSecond || !IsOwn(awaited.Operation)),
        IInvocationOperation { TargetMethod.Name: "GetResult" or "Wait" or "WaitAll", Instance: { } task } blocking when _facts.Calls.PassesThrough(blocking.TargetMethod) || _facts.Calls.Waits(blocking.TargetMethod) =>
            !Succeeds(task) && (isSecond || !IsOwn(task)),
        IPropertyReferenceOperation { Property: { Name: "Result", ContainingType.Name: "Task" or "ValueTask" }, Instance: { } task } => !Succeeds(task) && (isSecond || !IsOwn(task)),
        IInvocationOperation => _callsOnSession.Contains(operation.Syntax),
        _ => false,
    };

    /// <summary>The name of what throws, for a message.</summary>
    public static SyntaxNode NameOf(IOperation operation)
    {
        var call = operation.DescendantsAndSelf().OfType<IInvocationOperation>()
            .FirstOrDefault(invocation => invocation.TargetMethod.Name is not ("ConfigureAwait" or "AsTask" or "WaitAsync" or "GetAwaiter" or "GetResult"));
        return OpeningLocations.NameSyntaxOf((call ?? operation).Syntax);
    }

    /// <summary>How a message says that the operation called <paramref name="name"/> threw.</summary>
    public static string FailureOf(SyntaxNode name) => name is SimpleNameSyntax ? $"'{name}' fails" : "an exception is thrown";

    private bool IsCallOnSession(IInvocationOperation invocation) =>
        KnownCalls.IsSdkOperation(invocation.TargetMethod)
        || (invocation.Instance is { } receiver
            && invocation.TargetMethod.ContainingType?.SpecialType != SpecialType.System_Object
            && invocation.TargetMethod.Name is not ("ToString" or "GetHashCode" or "Equals" or "GetType")
            && _facts.Types.IsSession(receiver.Type)
            && !IsLocal(invocation.TargetMethod));

    /// <summary>What the SDK does on the spot, as registering a handler, asks no server and fails for nobody.</summary>
    private static bool IsLocal(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.IsEmpty && method.ReturnType.Name is not ("Task" or "ValueTask" or "IAsyncEnumerable");

    /// <summary>The wait for the opening itself: until it is over there is no session to lose.</summary>
    private bool IsOwn(IOperation awaited) => OwnWaits.IsFor(_traced, Bare(awaited));

    /// <summary>Waits that can't fail, or whose failure nobody expects: a finished task, a pause that nothing cancels, printing and logging.</summary>
    private bool Succeeds(IOperation awaited) => Bare(awaited) switch
    {
        IPropertyReferenceOperation { Property: { Name: "CompletedTask", ContainingType.Name: "Task" or "ValueTask" } } => true,
        IInvocationOperation { TargetMethod: { Name: "Yield", ContainingType.Name: "Task" } } => true,
        IInvocationOperation { TargetMethod: { Name: "Delay", ContainingType.Name: "Task", Parameters.Length: 1 } } => true,
        IInvocationOperation invocation => _facts.Calls.OnlyLooks(invocation.TargetMethod) || invocation.TargetMethod.ContainingType?.Name == "TextWriter",
        _ => false,
    };

    private IOperation Bare(IOperation awaited) => OwnWaits.Bare(awaited, _facts.Calls);
}
