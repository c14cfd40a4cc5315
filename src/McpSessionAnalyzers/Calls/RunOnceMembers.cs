using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Members that run once per process, per hosted service, per command line or per test.</summary>
internal sealed class RunOnceMembers
{
    private static readonly Contract[] MemberRows =
    {
        new("a hosted service", "Microsoft.Extensions.Hosting.IHostedService", "Microsoft.Extensions.Hosting.IHostedLifecycleService") { RunOnceKind = RunOnceKind.HostedService },
        new("a background service", "Microsoft.Extensions.Hosting.BackgroundService")
        {
            Members = new[] { "ExecuteAsync", "StartAsync", "StopAsync" },
            RunOnceKind = RunOnceKind.HostedService,
        },
        new("a startup step", "Microsoft.AspNetCore.Hosting.IStartupFilter", "Microsoft.AspNetCore.Hosting.IStartup", "Microsoft.AspNetCore.Hosting.IHostingStartup") { RunOnceKind = RunOnceKind.Composition },
        new("a test fixture", "Xunit.IAsyncLifetime", "TUnit.Core.Interfaces.IAsyncInitializer") { Members = new[] { "InitializeAsync", "DisposeAsync" }, RunOnceKind = RunOnceKind.Fixture },
        new("a test host", "Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory`1") { RunOnceKind = RunOnceKind.Fixture },
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

    private static readonly TypeNames CommandAttributes = new(
        "Cocona.CommandAttribute",
        "Cocona.PrimaryCommandAttribute",
        "ConsoleAppFramework.CommandAttribute",
        "ConsoleAppFramework.RootCommandAttribute");

    private static readonly TypeNames CommandTypeAttributes = new(
        "McMaster.Extensions.CommandLineUtils.CommandAttribute",
        "McMaster.Extensions.CommandLineUtils.SubcommandAttribute",
        "ConsoleAppFramework.RegisterCommandsAttribute",
        "CommandLine.VerbAttribute");

    private static readonly TypeNames ConsoleAppTypes = new("ConsoleAppFramework.ConsoleAppBase", "Cocona.CoconaConsoleAppBase");

    // A method whose first parameter is one of these composes the application.
    private static readonly TypeNames CompositionTypes = new(
        "Microsoft.Extensions.DependencyInjection.IServiceCollection",
        "Microsoft.Extensions.DependencyInjection.IMcpServerBuilder",
        "Microsoft.Extensions.Hosting.IHostApplicationBuilder",
        "Microsoft.Extensions.Hosting.IHostBuilder",
        "Microsoft.Extensions.Hosting.IHost",
        "Microsoft.AspNetCore.Builder.IApplicationBuilder",
        "Microsoft.AspNetCore.Builder.WebApplicationBuilder",
        "Microsoft.AspNetCore.Builder.WebApplication",
        "Microsoft.AspNetCore.Routing.IEndpointRouteBuilder");

    private static readonly TypeNames HostedServices = new("Microsoft.Extensions.Hosting.IHostedService");
    private static readonly TypeNames ModuleInitializers = new("System.Runtime.CompilerServices.ModuleInitializerAttribute");
    private static readonly Contracts MemberContracts = new(MemberRows);
    private static readonly Contracts Commands = new(CommandRows);

    private readonly Compilation _compilation;

    public RunOnceMembers(Compilation compilation) => _compilation = compilation;

    /// <summary>Why <paramref name="method"/> runs once, as a phrase, and what kind of run-once code it is; or null.</summary>
    public (string Reason, RunOnceKind Kind)? Of(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (IsEntryPoint(method, cancellationToken))
        {
            return ("the program's entry point", RunOnceKind.EntryPoint);
        }

        if (MemberContracts.Of(method) is { Contract: var contract })
        {
            return (contract.Reason!, contract.RunOnceKind);
        }

        if (Commands.Of(method) is not null ||
            CommandAttributes.IsOn(method) ||
            (method.Name is "OnExecute" or "OnExecuteAsync" && HasCommandAttribute(method.ContainingType)) ||
            (method.DeclaredAccessibility == Accessibility.Public && ConsoleAppTypes.ContainsBaseOf(method.ContainingType)))
        {
            return ("a command-line command", RunOnceKind.Command);
        }

        if (ModuleInitializers.IsOn(method))
        {
            return ("a module initializer", RunOnceKind.Construction);
        }

        return method.MethodKind == MethodKind.Ordinary && method.Parameters.Length > 0 && CompositionTypes.ContainsBaseOf(method.Parameters[0].Type)
            ? ("it composes the application", RunOnceKind.Composition)
            : null;
    }

    /// <summary>Types that are run-once code as a whole: the type of Main, hosted services, fixtures, command handlers.</summary>
    public bool IsRunOnceType(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        IsProgram(type, cancellationToken) ||
        HostedServices.ContainsBaseOf(type) ||
        TestCode.IsTestType(type) ||
        Commands.OfType(type) is not null ||
        HasCommandAttribute(type) ||
        ConsoleAppTypes.ContainsBaseOf(type) ||
        type.GetMembers().Any(static m => m is IMethodSymbol && CommandAttributes.IsOn(m));

    private bool IsEntryPoint(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (!method.IsStatic || method.MethodKind != MethodKind.Ordinary)
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

    private static bool HasCommandAttribute(INamedTypeSymbol type) => CommandTypeAttributes.IsOn(type);
}
