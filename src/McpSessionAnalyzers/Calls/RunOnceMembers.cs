using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Members that run once per process, per hosted service, per command line or per test.</summary>
internal sealed class RunOnceMembers
{
    private static readonly Contract[] MemberRows =
    {
        new("a hosted service", "Microsoft.Extensions.Hosting.IHostedService", "Microsoft.Extensions.Hosting.IHostedLifecycleService"),
        new("a background service", "Microsoft.Extensions.Hosting.BackgroundService") { Members = new[] { "ExecuteAsync", "StartAsync", "StopAsync" } },
        new("a startup step", "Microsoft.AspNetCore.Hosting.IStartupFilter", "Microsoft.AspNetCore.Hosting.IStartup", "Microsoft.AspNetCore.Hosting.IHostingStartup"),
        new("a test fixture", "Xunit.IAsyncLifetime", "TUnit.Core.Interfaces.IAsyncInitializer") { Members = new[] { "InitializeAsync", "DisposeAsync" } },
        new("a test host", "Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory`1"),
    };

    // Their types are "run-once code" as a whole: a program, not a service.
    private static readonly Contract[] CommandRows =
    {
        new(
            "a command-line command",
            "Spectre.Console.Cli.ICommand",
            "Spectre.Console.Cli.Command",
            "Spectre.Console.Cli.Command`1",
            "Spectre.Console.Cli.AsyncCommand",
            "Spectre.Console.Cli.AsyncCommand`1",
            "System.CommandLine.Invocation.ICommandHandler",
            "System.CommandLine.Invocation.CommandLineAction",
            "System.CommandLine.Invocation.AsynchronousCommandLineAction",
            "System.CommandLine.Invocation.SynchronousCommandLineAction",
            "CliFx.ICommand",
            "Oakton.OaktonCommand`1",
            "Oakton.OaktonAsyncCommand`1",
            "JasperFx.CommandLine.JasperFxCommand`1",
            "JasperFx.CommandLine.JasperFxAsyncCommand`1",
            "System.Management.Automation.Cmdlet",
            "System.Management.Automation.PSCmdlet",
            "Microsoft.Build.Utilities.Task",
            "Microsoft.Build.Framework.ITask"),
    };

    private static readonly Contract[] CommandAttributes =
    {
        new("a command-line command", "Cocona.CommandAttribute", "Cocona.PrimaryCommandAttribute", "ConsoleAppFramework.CommandAttribute", "ConsoleAppFramework.RootCommandAttribute"),
    };

    private static readonly string[] CommandTypeAttributes =
    {
        "McMaster.Extensions.CommandLineUtils.CommandAttribute",
        "McMaster.Extensions.CommandLineUtils.SubcommandAttribute",
        "ConsoleAppFramework.RegisterCommandsAttribute",
        "CommandLine.VerbAttribute",
    };

    private static readonly string[] ConsoleAppTypes = { "ConsoleAppFramework.ConsoleAppBase", "Cocona.CoconaConsoleAppBase" };

    // A method that takes one of these composes the application.
    private static readonly string[] CompositionTypes =
    {
        "Microsoft.Extensions.DependencyInjection.IServiceCollection",
        "Microsoft.Extensions.DependencyInjection.IMcpServerBuilder",
        "Microsoft.Extensions.Hosting.IHostApplicationBuilder",
        "Microsoft.Extensions.Hosting.IHostBuilder",
        "Microsoft.Extensions.Hosting.IHost",
        "Microsoft.AspNetCore.Builder.IApplicationBuilder",
        "Microsoft.AspNetCore.Builder.WebApplicationBuilder",
        "Microsoft.AspNetCore.Builder.WebApplication",
        "Microsoft.AspNetCore.Routing.IEndpointRouteBuilder",
        "Microsoft.SemanticKernel.IKernelBuilder",
    };

    private readonly Compilation _compilation;
    private readonly Contracts _members;
    private readonly Contracts _commands;
    private readonly TypeIndex<Contract> _commandAttributes;
    private readonly TypeSet _commandTypes;
    private readonly TypeSet _consoleApps;
    private readonly TypeSet _composition;
    private readonly TypeSet _hostedServices;
    private readonly TypeSet _moduleInitializer;
    private readonly TestCode _tests;

    public RunOnceMembers(Compilation compilation)
    {
        _compilation = compilation;
        _members = new(compilation, MemberRows);
        _commands = new(compilation, CommandRows);
        _commandAttributes = new(compilation, CommandAttributes, static row => row.Types);
        _commandTypes = TypeSet.Resolve(compilation, CommandTypeAttributes);
        _consoleApps = TypeSet.Resolve(compilation, ConsoleAppTypes);
        _composition = TypeSet.Resolve(compilation, CompositionTypes);
        _hostedServices = TypeSet.Resolve(compilation, "Microsoft.Extensions.Hosting.IHostedService");
        _moduleInitializer = TypeSet.Resolve(compilation, "System.Runtime.CompilerServices.ModuleInitializerAttribute");
        _tests = new(compilation);
    }

    /// <summary>The phrase that says why <paramref name="method"/> runs once, or null.</summary>
    public string? ReasonOf(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (IsEntryPoint(method, cancellationToken))
        {
            return "the program's entry point";
        }

        if (_members.Of(method) is { } member)
        {
            return member.Contract.Reason;
        }

        if (_commands.Of(method) is not null ||
            _commandAttributes.OfAttributes(method, out _) is not null ||
            (method.Name is "OnExecute" or "OnExecuteAsync" && HasCommandAttribute(method.ContainingType)) ||
            (method.DeclaredAccessibility == Accessibility.Public && _consoleApps.ContainsBaseOf(method.ContainingType)))
        {
            return "a command-line command";
        }

        if (!_moduleInitializer.IsEmpty && method.GetAttributes().Any(a => _moduleInitializer.Contains(a.AttributeClass)))
        {
            return "a module initializer";
        }

        return method.MethodKind == MethodKind.Ordinary && method.Parameters.Any(p => _composition.ContainsBaseOf(p.Type)) ? "it composes the application" : null;
    }

    /// <summary>The phrase for code of tests and benchmarks, in which nothing is per-call, or null.</summary>
    public string? TestReasonOf(IMethodSymbol method) => _tests.ReasonOf(method);

    public bool IsTestType(INamedTypeSymbol type) => _tests.IsTestType(type);

    /// <summary>Types that are run-once code as a whole: the type of Main, hosted services, fixtures, command handlers.</summary>
    public bool IsRunOnceType(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        IsProgram(type, cancellationToken) ||
        _hostedServices.ContainsBaseOf(type) ||
        _tests.IsTestType(type) ||
        _commands.OfType(type) is not null ||
        HasCommandAttribute(type) ||
        _consoleApps.ContainsBaseOf(type) ||
        type.GetMembers().Any(m => m is IMethodSymbol && _commandAttributes.OfAttributes(m, out _) is not null);

    private bool IsEntryPoint(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (!method.IsStatic)
        {
            return false;
        }

        // A library has no entry point, and an unfinished program may have two; a static Main is meant as one all the same.
        var isMain = method.Name == "Main" && method.Parameters.Length <= 1 && method.Parameters.All(static p => p.Type is IArrayTypeSymbol);
        return isMain || method.Name == "<Main>$" ||
            SymbolEqualityComparer.Default.Equals(_compilation.GetEntryPoint(cancellationToken), method);
    }

    private bool IsProgram(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        type.GetMembers("Main").Concat(type.GetMembers("<Main>$")).OfType<IMethodSymbol>().Any(m => IsEntryPoint(m, cancellationToken));

    private bool HasCommandAttribute(INamedTypeSymbol type) => !_commandTypes.IsEmpty && type.GetAttributes().Any(a => _commandTypes.ContainsBaseOf(a.AttributeClass));
}
