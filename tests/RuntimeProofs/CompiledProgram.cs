using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using McpSessions.TestServer;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.RuntimeProofs;

/// <summary>
/// A program compiled in memory and run against a server that counts. Its entry is <c>Program.RunAsync</c>, which gets the address of the server, or
/// the options that start a server process, by the types of its parameters.
/// </summary>
internal sealed class CompiledProgram
{
    private readonly MethodInfo _entry;

    private CompiledProgram(MethodInfo entry) => _entry = entry;

    public static async Task<CompiledProgram> CompileAsync(Project project, CancellationToken cancellationToken)
    {
        var compilation = (await project.GetCompilationAsync(cancellationToken))!;
        using var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: cancellationToken);
        if (!result.Success)
        {
            throw new InvalidOperationException(
                $"The program doesn't compile:\n{string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))}\n{compilation.SyntaxTrees.First()}");
        }

        image.Position = 0;

        // What a program abandons lives on after it, so its code is not unloaded.
        var assembly = new AssemblyLoadContext(name: null).LoadFromStream(image);
        return new(assembly.GetType("Program", throwOnError: true)!.GetMethod("RunAsync", BindingFlags.Static | BindingFlags.Public)
            ?? throw new InvalidOperationException("The program has no public static Program.RunAsync."));
    }

    /// <param name="arrange">Orders faults.</param>
    /// <param name="during">Awaited beside the program, which may wait for what it does.</param>
    /// <param name="fails">The program is expected to end with an exception, which is then a part of the reading.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Reading> RunAsync(Action<McpTestServer>? arrange, Func<McpTestServer, Task>? during, bool fails, CancellationToken cancellationToken)
    {
        await using var server = await McpTestServer.StartAsync();
        using var processes = new ServerProcesses();
        arrange?.Invoke(server);
        var program = Invoke(server, processes);
        await (during?.Invoke(server) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        Exception? failure = null;
        try
        {
            await program.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (fails && !cancellationToken.IsCancellationRequested)
        {
            failure = e;
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new()
        {
            Opened = server.Counters.Initializes,
            LeftOpen = server.Counters.OpenSessions,
            ToolLists = server.Counters.ToolLists,
            ToolCalls = server.Counters.ToolCalls,
            Started = processes.Started,
            LeftRunning = processes.LeftRunning,
            Failure = failure?.GetType().Name,
        };
    }

    private Task Invoke(McpTestServer server, ServerProcesses processes)
    {
        object?[] arguments = [.. _entry.GetParameters().Select(parameter => parameter.ParameterType == typeof(Uri) ? server.Endpoint : (object)processes.Options)];
        try
        {
            return (Task)_entry.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }
}
