using System.Text;
using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>A private helper is what its callers are.</summary>
public sealed class PrivateCallersTests
{
    public static TheoryData<Case> NotPerCall => Case.For(
        new("called from an action and from a constructor", """
            class C : ControllerBase { public C() { } static C() => Open(); public Task Get() => Open(); static async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("called from an agent's method and from any public one", """
            class A { public Task AskAsync(string question) => Open(); public Task Refresh() => Open(); private async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("called from nobody", "class C : ControllerBase { private async Task Open() { await [|Session.OpenAsync()|]; } }"),
        new("called from itself only", "class C : ControllerBase { private async Task Open() { await [|Session.OpenAsync()|]; await Open(); } }"),
        new("named only in nameof", """
            class C : ControllerBase { public string Get() => nameof(Open); private async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("handed to somebody unknown", """
            class C : ControllerBase { public void Get(Action<Func<Task>> later) => later(Open); private async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("kept in a field", """
            class C : ControllerBase { static Func<Task>? F; public void Get() => F = Open; private async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("protected: a derived class may call it", """
            class C : ControllerBase { public Task Get() => Open(); protected async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("private protected", """
            public class B { public Task AskAsync(string question) => Open(); private protected async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("a private explicit implementation", """
            interface I { Task Open(); }
            class C : ControllerBase, I { public Task Get() => ((I)this).Open(); async Task I.Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("public in a private class, but an implementation of an interface", """
            interface I { Task Open(); }
            class C : ControllerBase { public Task Get() => new N().Open(); private class N : I { public async Task Open() { await [|Session.OpenAsync()|]; } } }
            """),
        new("another method of the same name is called", """
            class C : ControllerBase { public Task Get() => Open(1); private Task Open(int i) => Task.CompletedTask; private async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("two helpers that call each other, from both worlds", """
            class C : ControllerBase
            {
                static C() => Ping(); public Task Get() => Pong();
                private static async Task Ping() { await Pong(); }
                private static async Task Pong() { await Ping(); await [|Session.OpenAsync()|]; }
            }
            """));

    [Theory, MemberData(nameof(NotPerCall))]
    public void IsNotPerCall(Case row) => Assert.False(CallProbe.At(row).Context().IsPerCall);

    public static TheoryData<Case> PerCall => Case.For(
        new("called from an action", "class C : ControllerBase { public Task Get() => Open(); private async Task Open() { await [|Session.OpenAsync()|]; } }"),
        new("called from two actions", "class C : ControllerBase { public Task Get() => Open(); public Task Post() => this.Open(); private async Task Open() { await [|Session.OpenAsync()|]; } }"),
        new("through another helper", "class C : ControllerBase { public Task Get() => A(); private Task A() => Open(); private async Task Open() { await [|Session.OpenAsync()|]; } }"),
        new("through a private getter", "class C : ControllerBase { public Task Get() => Client; private Task<object> Client => [|Session.OpenAsync()|]; }"),
        new("through a recursive helper", "class C : ControllerBase { public Task Get() => A(3); private async Task A(int n) { await [|Session.OpenAsync()|]; if (n > 0) await A(n - 1); } }"),
        new("through helpers that call each other", """
            class C : ControllerBase { public Task Get() => Ping(); private async Task Ping() { await Pong(); } private async Task Pong() { await Ping(); await [|Session.OpenAsync()|]; } }
            """),
        new("in the other part of a partial class", """
            partial class C : ControllerBase { public Task Get() => Open(); }
            partial class C { private async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("a private partial method", """
            partial class C : ControllerBase { public Task Get() => Open(); private partial Task Open(); }
            partial class C { private partial async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("of a generic class", "class C<T> : ControllerBase { public Task Get() => Open<int>(); private async Task Open<U>() { await [|Session.OpenAsync()|]; } }"),
        new("a public method of a private nested class", """
            class C : ControllerBase { public Task Get() => new N().Open(); private class N { public async Task Open() { await [|Session.OpenAsync()|]; } } }
            """),
        new("a public method of a class that only this file sees", """
            class C : ControllerBase { public Task Get() => new N().Open(); } file class N { public async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("given to a retry", """
            class C : ControllerBase { public async Task Get(Polly.ResiliencePipeline p) => await p.ExecuteAsync(Open); private async ValueTask Open(CancellationToken ct) { await [|Session.OpenAsync()|]; } }
            """),
        new("given to one's own retry helper", """
            class C : ControllerBase { public Task Get() => RetryAsync(Open); private static Task RetryAsync(Func<Task> f) => f(); private async Task Open() { await [|Session.OpenAsync()|]; } }
            """),
        new("given to Task.Run", "class C : ControllerBase { public Task Get() => Task.Run(Open); private async Task Open() { await [|Session.OpenAsync()|]; } }"),
        new("given to Select", "class C : ControllerBase { public object Get() => new[] { 1 }.Select(Open).ToList(); private async Task<int> Open(int i) { await [|Session.OpenAsync()|]; return i; } }"),
        new("called in a local function of an action", "class C : ControllerBase { public Task Get() { return L(); Task L() => Open(); } private async Task Open() { await [|Session.OpenAsync()|]; } }"),
        new("called conditionally", "class C : ControllerBase { public Task? Get(C? other) => other?.Open(); private async Task Open() { await [|Session.OpenAsync()|]; } }"),
        new("a private extension method", "static class X { public static Task AskAsync(this string s, string question) => s.Open(); private static async Task Open(this string s) { await [|Session.OpenAsync()|]; } }"),
        new("mixed callers, but the shape of an agent's method", """
            class A { static A() => SendAsync("warm"); public Task AskAsync(string question) => SendAsync(question); private static async Task SendAsync(string message) { await [|Session.OpenAsync()|]; } }
            """),
        new("an endpoint that the start also calls", """
            static class E
            {
                public static void Add(IEndpointRouteBuilder routes) { Go().Wait(); routes.MapGet("/", Go); }
                private static async Task Go() { await [|Session.OpenAsync()|]; }
            }
            """));

    [Theory, MemberData(nameof(PerCall))]
    public void IsPerCall(Case row) => Assert.True(CallProbe.At(row).Context().IsPerCall);

    [Fact]
    public void NamesTheEntryPointAndTheWayFromIt()
    {
        var context = CallProbe.At("""
            class C : ControllerBase
            {
                public Task Get() => First();
                private Task First() => Second();
                private async Task Second() { await [|Session.OpenAsync()|]; }
            }
            """).Context();

        Assert.Equal("Get", context.Member?.Name);
        Assert.Equal("a controller action", context.Reason);
        Assert.Equal([2, 3], context.Path.Select(location => location.GetLineSpan().StartLinePosition.Line));
    }

    [Fact]
    public void TakesTheStrongestCallerAndThenTheFirst()
    {
        var context = CallProbe.At("""
            class A { public Task AskAsync(string question) => Open();
                [ModelContextProtocol.Server.McpServerTool] public Task Two() => Open();
                [ModelContextProtocol.Server.McpServerTool] public Task One() => Open();
                private async Task Open() { await [|Session.OpenAsync()|]; } }
            """).Context();

        Assert.Equal("Two", context.Member?.Name);
        Assert.Equal(EvidenceStrength.ToolFunction, context.Strength);
    }

    [Fact]
    public void ChainsOfAnyDepthHaveAnAnswer()
    {
        var source = new StringBuilder("class C : ControllerBase { public Task Get() => M0(); ");
        for (var i = 0; i < 2000; i++)
        {
            source.Append($"private Task M{i}() => M{i + 1}(); ");
        }

        source.Append("private async Task M2000() { await [|Session.OpenAsync()|]; } }");
        var context = CallProbe.At(source.ToString()).Context();

        Assert.True(context.IsPerCall);
        Assert.Equal("Get", context.Member?.Name);
    }

    // A cycle with two entrances, a tail and a shape in the middle: asked in every order, alone and together, each member says the same.
    [Fact]
    public void TheOrderOfQuestionsDoesNotMatter()
    {
        const string Source = """
            class [|C|] : ControllerBase
            {
                static C() => E();
                public Task Get() => A();
                private static Task A() => B();
                private static Task B() { D(); return SendAsync("x"); }
                private static Task D() => A();
                private static Task E() => SendAsync("y");
                private static Task SendAsync(string message) => F();
                private static Task F() => Session.OpenAsync();
            }
            """;
        string[] names = ["A", "B", "D", "E", "SendAsync", "F"];
        var expected = Ask(names);

        foreach (var first in names)
        {
            Assert.Equal(expected, Ask([first, .. names.Reverse()]));
        }

        Assert.Equal(["A: PerCall Get", "B: PerCall Get", "D: PerCall Get", "E: RunOnce .cctor", "F: PerCall SendAsync", "SendAsync: PerCall SendAsync"], expected);

        static string[] Ask(string[] order)
        {
            var probe = CallProbe.At(Source);
            return order
                .Select(name => (Name: name, Context: probe.Contexts.OfMember(probe.Type().GetMembers(name).Single(), CancellationToken.None)))
                .Select(answer => $"{answer.Name}: {answer.Context.Frequency} {answer.Context.Member?.Name}")
                .Distinct().Order(StringComparer.Ordinal).ToArray();
        }
    }

    [Fact]
    public void CallersInOtherFilesOfAPartialClassCount() => Assert.True(
        CallProbe.At("partial class C { private async Task Open() { await [|Session.OpenAsync()|]; } }", ["partial class C : ControllerBase { public Task Get() => Open(); }"]).Context().IsPerCall);

    [Fact]
    public void ConcurrentQuestionsAgree()
    {
        var probe = CallProbe.At("class [|C|] : ControllerBase { public Task Get() => A(); private Task A() => B(); private Task B() { A(); return D(); } private Task D() => Session.OpenAsync(); }");
        var members = probe.Type().GetMembers().OfType<IMethodSymbol>().Where(method => method.Name.Length == 1).ToArray();
        var answers = new CallContext[members.Length * 20];

        Parallel.For(0, answers.Length, i => answers[i] = probe.Contexts.OfMember(members[i % members.Length], CancellationToken.None));

        Assert.All(answers, answer => Assert.Equal("Get", answer.Member?.Name));
    }
}
