using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>What the call questions are asked against: the default references, and libraries that only they care about, with their real names and as much of their shape as matters.</summary>
internal static class Libraries
{
    private const string Source = """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Microsoft.Extensions.AI;

        namespace Xunit
        {
            [AttributeUsage(AttributeTargets.Method)] public class FactAttribute : Attribute { }
            public class TheoryAttribute : FactAttribute { }
            public interface IAsyncLifetime : IAsyncDisposable { ValueTask InitializeAsync(); }
        }

        namespace NUnit.Framework
        {
            public class TestAttribute : Attribute { }
            public class OneTimeSetUpAttribute : Attribute { }
        }

        namespace BenchmarkDotNet.Attributes
        {
            public class BenchmarkAttribute : Attribute { }
            public class GlobalSetupAttribute : Attribute { }
        }

        namespace Spectre.Console.Cli
        {
            public class CommandSettings { }
            public class CommandContext { }
            public interface ICommand { }
            public abstract class AsyncCommand<TSettings> : ICommand where TSettings : CommandSettings
            {
                public abstract Task<int> ExecuteAsync(CommandContext context, TSettings settings);
            }
        }

        namespace System.CommandLine
        {
            public class ParseResult { public T? GetValue<T>(string name) => default; }
            public class Symbol { }
            public class Command : Symbol
            {
                public void SetAction(Func<ParseResult, CancellationToken, Task> action) { }
                public ParseResult Parse(string[] args) => new();
            }
            public class RootCommand : Command { }
            public static class Handler
            {
                public static void SetHandler<T>(this Command command, Func<T, Task> handle) { }
            }
        }

        namespace McMaster.Extensions.CommandLineUtils
        {
            public class CommandAttribute : Attribute { }
        }

        namespace Microsoft.Bot.Builder
        {
            public interface ITurnContext { }
            public interface ITurnContext<T> : ITurnContext { }
            public interface IBot { Task OnTurnAsync(ITurnContext turnContext, CancellationToken cancellationToken = default); }
            public class ActivityHandler : IBot
            {
                public virtual Task OnTurnAsync(ITurnContext turnContext, CancellationToken cancellationToken = default) => Task.CompletedTask;
                protected virtual Task OnMessageActivityAsync(ITurnContext<object> turnContext, CancellationToken cancellationToken) => Task.CompletedTask;
            }
        }

        namespace CommunityToolkit.Mvvm.Input
        {
            public class RelayCommandAttribute : Attribute { }
        }

        namespace Orleans
        {
            public interface IAddressable { }
            public interface IGrain : IAddressable { }
            public interface IGrainWithStringKey : IGrain { }
            public abstract class Grain { public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask; }
        }

        namespace Wolverine
        {
            public interface IWolverineHandler { }
        }

        namespace System.ServiceModel
        {
            public class ServiceContractAttribute : Attribute { }
            public class OperationContractAttribute : Attribute { }
        }

        namespace Microsoft.Extensions.AI
        {
            public class ChatClientBuilder
            {
                public ChatClientBuilder Use(Func<IChatClient, IChatClient> clientFactory) => this;
                public ChatClientBuilder Use(Func<IEnumerable<ChatMessage>, ChatOptions?, IChatClient, CancellationToken, Task<ChatResponse>> getResponseFunc) => this;
            }
        }
        """;

    private static readonly Lazy<MetadataReference[]> All = new(() =>
    {
        MetadataReference[] references = [.. References.Default.ResolveAsync(LanguageNames.CSharp, CancellationToken.None).GetAwaiter().GetResult()];
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create("Libraries", [CSharpSyntaxTree.ParseText(Source)], references, options).Emit(image, options: new EmitOptions(metadataOnly: true));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return [.. references, MetadataReference.CreateFromImage(image.ToArray())];
    });

    public static IEnumerable<MetadataReference> WithDefaultReferences => All.Value;
}
