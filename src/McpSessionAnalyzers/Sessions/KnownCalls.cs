using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>What calls of other people's code do with a value that is handed to them. Whatever is not known here is an escape.</summary>
internal sealed class KnownCalls
{
    private static readonly HashSet<string> ResilienceWords = new()
    {
        "retry", "retries", "retrying", "attempt", "attempts", "resilient", "resilience", "policy", "backoff", "fallback",
    };

    private readonly TypeSet _taskLike;
    private readonly TypeSet _combinators;
    private readonly TypeSet _disposableExtensions;
    private readonly TypeSet _interlocked;
    private readonly TypeSet _linq;
    private readonly TypeSet _lookers;
    private readonly TypeSet _responses;
    private readonly TypeSet _asyncDisposable;
    private readonly TypeSet _disposable;

    public KnownCalls(Compilation compilation)
    {
        _taskLike = TypeSet.Resolve(
            compilation,
            "System.Threading.Tasks.Task",
            "System.Threading.Tasks.Task`1",
            "System.Threading.Tasks.ValueTask",
            "System.Threading.Tasks.ValueTask`1",
            "System.Threading.Tasks.TaskExtensions",
            "System.Runtime.CompilerServices.TaskAwaiter`1",
            "System.Runtime.CompilerServices.ValueTaskAwaiter`1",
            "System.Runtime.CompilerServices.ConfiguredTaskAwaitable`1",
            "System.Runtime.CompilerServices.ConfiguredTaskAwaitable`1+ConfiguredTaskAwaiter",
            "System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable`1",
            "System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable`1+ConfiguredValueTaskAwaiter");
        _combinators = TypeSet.Resolve(compilation, "System.Threading.Tasks.Task", "System.Threading.Tasks.ValueTask");
        _disposableExtensions = TypeSet.Resolve(compilation, "System.Threading.Tasks.TaskAsyncEnumerableExtensions");
        _interlocked = TypeSet.Resolve(compilation, "System.Threading.Interlocked", "System.Threading.Volatile");
        _linq = TypeSet.Resolve(compilation, "System.Linq.Enumerable", "System.Linq.ImmutableArrayExtensions", "System.Linq.AsyncEnumerable", "System.Collections.Generic.CollectionExtensions");
        _lookers = TypeSet.Resolve(
            compilation,
            "System.Console",
            "System.ArgumentNullException",
            "System.ArgumentException",
            "System.ObjectDisposedException",
            "System.Diagnostics.Debug",
            "System.Diagnostics.Trace",
            "System.GC",
            "System.Object",
            "System.String",
            "System.Runtime.CompilerServices.RuntimeHelpers",
            "Microsoft.Extensions.Logging.LoggerExtensions",
            "Xunit.Assert",
            "NUnit.Framework.Assert",
            "NUnit.Framework.ClassicAssert",
            "Microsoft.VisualStudio.TestTools.UnitTesting.Assert");
        _responses = TypeSet.Resolve(compilation, "Microsoft.AspNetCore.Http.HttpResponse");
        _asyncDisposable = TypeSet.Resolve(compilation, "System.IAsyncDisposable");
        _disposable = TypeSet.Resolve(compilation, "System.IDisposable");
    }

    /// <summary>Await plumbing: the result is the same value, a step nearer to its use.</summary>
    public bool PassesThrough(IMethodSymbol method) =>
        (_taskLike.Contains(method.ContainingType)
            && method.Name is "ConfigureAwait" or "AsTask" or "WaitAsync" or "GetAwaiter" or "GetResult" or "Unwrap" or "Preserve")
        || (_disposableExtensions.Contains(method.ContainingType) && method.Name == "ConfigureAwait");

    /// <summary>Combines tasks or wraps a value into one: the result holds the arguments.</summary>
    public bool Combines(IMethodSymbol method) =>
        _combinators.Contains(method.ContainingType) && method.Name is "WhenAll" or "WhenAny" or "FromResult" or "WhenEach";

    /// <summary>Gives the task, and what comes of it, to a delegate.</summary>
    public bool ContinuesWith(IMethodSymbol method) => _taskLike.Contains(method.ContainingType) && method.Name == "ContinueWith";

    /// <summary>Waits without taking: <c>Task.WaitAll</c>.</summary>
    public bool Waits(IMethodSymbol method) =>
        _taskLike.Contains(method.ContainingType) && method.Name is "Wait" or "WaitAll" or "WaitAny";

    /// <summary><c>Interlocked</c> and <c>Volatile</c>: a store into, or a read of, the place passed by reference.</summary>
    public bool IsInterlocked(IMethodSymbol method) => _interlocked.Contains(method.ContainingType);

    /// <summary>Runs the delegate that it is given within the call and returns its result: Polly, tasks, sequences, and what calls itself a retry.</summary>
    public bool RunsDelegate(IMethodSymbol method) =>
        IsLinq(method)
        || _taskLike.Contains(method.ContainingType)
        || method.ContainingType?.Name is "TaskFactory"
        || IsInNamespace(method.ContainingType, "Polly")
        || Calls.Words.Of(method.Name).Any(ResilienceWords.Contains)
        || Calls.Words.Of(method.ContainingType?.Name ?? "").Any(ResilienceWords.Contains);

    public bool IsLinq(IMethodSymbol method) => _linq.Contains(method.ContainingType);

    /// <summary>Makes a sequence of what a delegate makes of each element.</summary>
    public bool Projects(IMethodSymbol method) =>
        (IsLinq(method) && method.Name is "Select" or "SelectMany")
        || (method.Name == "ConvertAll" && IsInNamespace(method.ContainingType, "System"));

    /// <summary>Looks at its argument and lets it go: guards, asserts, logging, printing.</summary>
    public bool OnlyLooks(IMethodSymbol method) => _lookers.Contains(method.ContainingType);

    /// <summary>
    /// An extension method of the MCP SDK (0.x keeps every client operation in one): a use, like an instance call. Users put extensions of their own
    /// into its namespaces; those have source to look into.
    /// </summary>
    public static bool IsSdkOperation(IMethodSymbol method) =>
        method is { IsExtensionMethod: true, DeclaringSyntaxReferences.IsEmpty: true } && IsInNamespace(method.ContainingType, "ModelContextProtocol");

    /// <summary>Puts its argument into the collection that it is called on.</summary>
    public static bool AddsToReceiver(IMethodSymbol method) =>
        method.Name is "Add" or "AddRange" or "TryAdd" or "AddOrUpdate" or "GetOrAdd" or "Enqueue" or "EnqueueRange" or "Push" or "PushRange"
            or "Insert" or "InsertRange" or "AddFirst" or "AddLast" or "SetItem" or "Write" or "TryWrite" or "WriteAsync" or "Append" or "Prepend"
            or "Concat" or "TryUpdate" or "Set" or "TrySetResult" or "SetResult"
        && (IsInNamespace(method.ContainingType, "System"));

    /// <summary>By its name: a kernel's plugins, a builder of an agent gets something more.</summary>
    public static bool IsAddition(IMethodSymbol method) =>
        method.Name.StartsWith("Add", StringComparison.Ordinal) || method.Name.StartsWith("Import", StringComparison.Ordinal);

    /// <summary><c>cache.Set("tools", tools)</c>: what it is called on has the value from now on.</summary>
    public static bool IsCacheWrite(IMethodSymbol method) =>
        method.Name == "Set" && method.ContainingNamespace?.ToDisplayString() == "Microsoft.Extensions.Caching.Memory";

    /// <summary>Hands its argument over to be disposed at the end of the call: <c>HttpResponse.RegisterForDisposeAsync</c>.</summary>
    public bool DisposesArgument(IMethodSymbol method) =>
        _responses.ContainsBaseOf(method.ContainingType) && method.Name is "RegisterForDispose" or "RegisterForDisposeAsync";

    /// <summary>Registers something with a dependency-injection container.</summary>
    public static bool IsServiceRegistration(IMethodSymbol method) =>
        method.IsExtensionMethod && method.ContainingNamespace?.ToDisplayString() == "Microsoft.Extensions.DependencyInjection";

    /// <summary><c>DisposeAsync()</c> or <c>Dispose()</c>. Explicit implementations are called through the interface, which has the plain name.</summary>
    public bool Disposes(IMethodSymbol method)
    {
        if (method.Parameters.Length != 0 || method.Name is not ("DisposeAsync" or "Dispose"))
        {
            return false;
        }

        return _asyncDisposable.ContainsBaseOf(method.ContainingType)
            || _disposable.ContainsBaseOf(method.ContainingType)
            || method.ContainingType.Name == "ConfiguredAsyncDisposable";
    }

    public static bool IsInNamespace(ITypeSymbol? type, string root)
    {
        var current = type?.ContainingNamespace;
        while (current is { IsGlobalNamespace: false })
        {
            if (current.ContainingNamespace.IsGlobalNamespace)
            {
                return current.Name == root;
            }

            current = current.ContainingNamespace;
        }

        return false;
    }
}
