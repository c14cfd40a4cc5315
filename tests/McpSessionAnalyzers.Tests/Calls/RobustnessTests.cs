using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>Half-typed code, missing references, cancellation: an answer, never an exception of our own.</summary>
public sealed class RobustnessTests
{
    public static TheoryData<Case> Broken => Case.For(
        new("an unknown base class", "class [|C|] : Nothing { }"),
        new("a class that derives from itself", "class [|C|] : C { public Task AskAsync(string question) => null; }"),
        new("a method without a body", "class C { public Task [|AskAsync|](string question) }"),
        new("a parameter without a name", "class C { public Task [|AskAsync|](string ) { } }"),
        new("a parameter of an unknown type", "class C { public Task [|AskAsync|](Nothing question) { } }"),
        new("a registration of nothing", "class [|A|] { } class R { void Add(IServiceCollection s) { s.AddScoped<>(); s.AddScoped<Nothing>(); s.AddScoped(typeof()); s.Add(new ServiceDescriptor()); } }"),
        new("a map without a handler", "var app = WebApplication.Create(); app.MapGet(\"/\", async () => { [|Session|] "),
        new("a lambda given to nothing", "class C { void M() { Nothing(() => [|Session.OpenAsync()|]); } }"),
        new("an event of nothing", "class C { void M() { x.Y += () => [|Session.OpenAsync()|]; } }"),
        new("two methods of the same signature", "class C { void M() => N(); void N() => [|Session.OpenAsync()|]; void N() { } }"),
        new("an attribute without a type", "class C { [Nothing, ] public Task [|Go|]() => null; }"),
        new("an unfinished member access", "class C { Task M() { return this. } Task [|N|]() => M(); }"));

    [Theory, MemberData(nameof(Broken))]
    public void HalfTypedCodeHasAnAnswer(Case row)
    {
        var probe = CallProbe.At(row.Code, allowErrors: true);
        Assert.NotNull(probe.Context());
        AskEverything(probe.Compilation);
    }

    [Fact]
    public void ACompilationWithoutReferencesHasAnAnswer() =>
        AskEverything(Compilation("class C : D { public C() { } Task AskAsync(string question) => N(() => M()); void M() { } event E F; }", []));

    [Fact]
    public async Task TwoCopiesOfTheSdkHaveAnAnswer() =>
        AskEverything(Compilation(
            "class T { [ModelContextProtocol.Server.McpServerTool] public string Go(string question) => \"\"; }",
            await References.TwoCopies.ResolveAsync(LanguageNames.CSharp, TestContext.Current.CancellationToken)));

    [Theory]
    [InlineData("class Answers { [Fact] public async Task [|AskAsync|](string question) { } }")]
    [InlineData("class Answers { [Theory, InlineData(1)] public async Task Works(int n) { } private async Task [|AskAsync|](string question) { } }")]
    [InlineData("[TestFixtureAttribute(\"x\")] class Answers { public async Task [|AskAsync|](string question) { } }")]
    public void ATestWhoseFrameworkIsMissingIsATest(string source) => Assert.True(CallProbe.At(source, allowErrors: true).Context().IsRunOnce);

    [Fact]
    public void CancellationPassesThroughAndLeavesNothingBehind()
    {
        var probe = CallProbe.At("class C : ControllerBase { public Task Get() => A(); private Task A() => Open(); private async Task Open() { await [|Session.OpenAsync()|]; } }");
        Assert.ThrowsAny<OperationCanceledException>(() => probe.Contexts.Of(probe.Operation(), new CancellationToken(canceled: true)));
        Assert.True(probe.Context().IsPerCall);
    }

    [Fact]
    public void NamesFromConfigurationCount()
    {
        var options = CallOptions.None with { AgentTypes = ["Desk"], AgentMethods = ["N.Shop.Serve"], RunOnceMethods = ["Kiosk.AskAsync"] };

        Assert.True(CallProbe.At("class Desk { public void [|Help|]() { } }", options: options).Context().IsPerCall);
        Assert.True(CallProbe.At("namespace N { class Shop { public void [|Serve|]() { } } }", options: options).Context().IsPerCall);
        Assert.True(CallProbe.At("class Kiosk { public void [|AskAsync|](string question) { } }", options: options).Context().IsRunOnce);
        Assert.False(CallProbe.At("class Desk { private void [|Help|]() { } }", options: options).Context().IsPerCall);
    }

    private static CSharpCompilation Compilation(string source, IEnumerable<MetadataReference> references) =>
        CSharpCompilation.Create("Broken", [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)], references);

    private static void AskEverything(CSharpCompilation compilation)
    {
        var contexts = CompilationFacts.Of(compilation).Calls;
        foreach (var tree in compilation.SyntaxTrees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (model.GetDeclaredSymbol(node) is { } symbol)
                {
                    contexts.OfMember(symbol, CancellationToken.None);
                    if (symbol is INamedTypeSymbol type)
                    {
                        contexts.LifetimeOf(type, CancellationToken.None);
                        contexts.IsRunOnceType(type, CancellationToken.None);
                    }
                }

                if (model.GetOperation(node) is { } operation)
                {
                    contexts.Of(operation, CancellationToken.None);
                    contexts.LoopOf(operation, CancellationToken.None);
                }
            }
        }
    }
}
